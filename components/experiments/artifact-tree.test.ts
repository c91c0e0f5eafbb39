import { expect, test } from "vitest";
import { artifactTree } from "./artifact-tree";

const file = (path: string) => ({ path, bytes: 1, sha256: "d" });

test("folders stand once before what they hold; a model's files stand under its name", () => {
  const rows = artifactTree([
    { root: "run", prefix: "", files: ["a/b/c.txt", "a/d.txt", "e.txt"].map(file) },
    { root: "m-1", prefix: "model (model)", files: [file("MLmodel")] },
    { root: "m-2", prefix: "empty", files: [] },
  ]);
  expect(rows.map((row) => [row.depth, row.name, row.file !== null])).toEqual([
    [0, "a", false],
    [1, "b", false],
    [2, "c.txt", true],
    [1, "d.txt", true],
    [0, "e.txt", true],
    [0, "model (model)", false],
    [1, "MLmodel", true],
  ]);
});
