import { sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { lineageEdges, lineageNodes } from "@/db/schema/lineage";
import type { LineageEdge, LineageNode } from "@/domain/lineage/types";
import { newId } from "../ids";

const keyOf = (node: LineageNode) => `${node.kind}:${node.reference}`;

/**
 * Writes edges with their nodes, each once, in two statements. Called in the transaction of the change;
 * lineage is never reconstructed afterwards. A known node keeps its id and takes the newest label.
 */
export async function recordLineage(db: Executor, projectId: string, edges: readonly LineageEdge[]): Promise<void> {
  if (edges.length === 0) return;
  const nodes = new Map(edges.flatMap((edge) => [edge.from, edge.to]).map((node) => [keyOf(node), node]));
  // Sorted, so that two transactions take the row locks in one order.
  const sorted = [...nodes.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, node]) => node);
  const rows = await db
    .insert(lineageNodes)
    .values(sorted.map((node) => ({ id: newId(), projectId, ...node })))
    .onConflictDoUpdate({
      target: [lineageNodes.projectId, lineageNodes.kind, lineageNodes.reference],
      set: { label: sql`excluded.label` },
    })
    .returning({ id: lineageNodes.id, kind: lineageNodes.kind, reference: lineageNodes.reference });
  const ids = new Map(rows.map((row) => [`${row.kind}:${row.reference}`, row.id]));
  const idOf = (node: LineageNode) => {
    const id = ids.get(keyOf(node));
    if (!id) throw new Error(`The lineage node ${keyOf(node)} was not written.`);
    return id;
  };
  await db
    .insert(lineageEdges)
    .values(
      edges.map((edge) => ({
        id: newId(),
        projectId,
        fromId: idOf(edge.from),
        toId: idOf(edge.to),
        kind: edge.kind,
        runId: edge.runId ?? null,
      })),
    )
    .onConflictDoNothing();
}
