import { expect, test } from "vitest";
import { neighbourOf } from "./walk";

const edges = [
  { from: "ingest", to: "validate" },
  { from: "ingest", to: "features" },
  { from: "validate", to: "train" },
  { from: "features", to: "train" },
];
const places = new Map([
  ["ingest", { x: 0, y: 40 }],
  ["validate", { x: 200, y: 0 }],
  ["features", { x: 200, y: 80 }],
  ["train", { x: 400, y: 40 }],
]);

test("right and left follow the edges, up and down stay on their side", () => {
  expect(neighbourOf("ArrowRight", "validate", places, edges)).toBe("train");
  expect(neighbourOf("ArrowLeft", "features", places, edges)).toBe("ingest");
  expect(neighbourOf("ArrowDown", "validate", places, edges)).toBe("features");
  expect(neighbourOf("ArrowUp", "features", places, edges)).toBe("validate");
});

test("where nothing lies, the walk stays", () => {
  expect(neighbourOf("ArrowRight", "train", places, edges)).toBeNull();
  expect(neighbourOf("ArrowUp", "validate", places, edges)).toBeNull();
  expect(neighbourOf("Enter", "train", places, edges)).toBeNull();
});
