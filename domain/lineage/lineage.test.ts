import { expect, test } from "vitest";
import { impactInput, nodeOfText, textOfNode } from "./contracts";
import { groupImpact } from "./impact";

test("a node and its text in an address are the same thing", () => {
  const node = { kind: "artifact", reference: "sha256:ab:cd" } as const;
  expect(nodeOfText(textOfNode(node))).toEqual(node);
});

test("a text that names no node is none", () => {
  for (const text of ["", "artifact", "artifact:", "table:1", `artifact:${"x".repeat(201)}`])
    expect([text.slice(0, 12), nodeOfText(text)]).toEqual([text.slice(0, 12), null]);
});

test("impact stands by kind in the order of the work, each by name and number, without files and measurements", () => {
  const node = (kind: "deployment" | "model_version" | "artifact" | "evaluation", label: string) => ({
    kind,
    reference: label,
    label,
  });
  const groups = groupImpact([
    node("deployment", "rain v2 in staging"),
    node("model_version", "rain v10"),
    node("artifact", "train.model"),
    node("model_version", "rain v9"),
    node("evaluation", "evaluation on holdout v1"),
  ]);
  expect(groups.map((group) => [group.kind, group.nodes.map((each) => each.label)])).toEqual([
    ["model_version", ["rain v9", "rain v10"]],
    ["deployment", ["rain v2 in staging"]],
  ]);
});

test("all versions of a dataset or a pipeline are asked for by its id", () => {
  expect(impactInput.safeParse({ kind: "pipeline", reference: "rain" }).success).toBe(false);
  expect(impactInput.safeParse({ kind: "commit", reference: "0123456" }).success).toBe(true);
});
