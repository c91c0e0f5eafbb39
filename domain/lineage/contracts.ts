import { z } from "zod";
import { DIRECTIONS, IMPACT_SUBJECTS, NODE_KINDS } from "./types";

const reference = z.string().min(1).max(200);

export const lineageInput = z.object({
  kind: z.enum(NODE_KINDS),
  reference,
  direction: z.enum(DIRECTIONS).default("upstream"),
  /** How many edges away; 1 is the neighbours. */
  depth: z.number().int().min(1).max(20).default(8),
});
export type LineageQuery = z.infer<typeof lineageInput>;

export const impactInput = z.object({ kind: z.enum(IMPACT_SUBJECTS), reference }).refine(
  // Only these two are looked up by id outside of the graph.
  ({ kind, reference: id }) => (kind !== "dataset" && kind !== "pipeline") || z.uuid().safeParse(id).success,
  { path: ["reference"], message: "This is no id." },
);
export type ImpactQuery = z.infer<typeof impactInput>;

export const changeInput = z.object({ kind: z.enum(NODE_KINDS), reference });
export const splitInput = z.object({ runId: z.uuid() });

export const nodeSearchInput = z.object({
  /** Part of a label; empty gives the newest nodes. */
  text: z.string().trim().max(100).default(""),
  kinds: z.array(z.enum(NODE_KINDS)).max(NODE_KINDS.length).default([]),
});
export type NodeSearch = z.infer<typeof nodeSearchInput>;

/** A node in an address: `model_version:0199…`; null where the text names none. */
export function nodeOfText(text: string): { readonly kind: LineageQuery["kind"]; readonly reference: string } | null {
  const at = text.indexOf(":");
  const kind = NODE_KINDS.find((one) => one === text.slice(0, at));
  const rest = text.slice(at + 1);
  return kind && rest.length > 0 && rest.length <= 200 ? { kind, reference: rest } : null;
}

export function textOfNode(node: { readonly kind: string; readonly reference: string }): string {
  return `${node.kind}:${node.reference}`;
}
