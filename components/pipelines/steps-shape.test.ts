import { expect, test } from "vitest";
import { drawnEdges, shapeOf } from "./steps-shape";

const STEPS = [
  { key: "ingest", needs: [] },
  { key: "validate", needs: ["ingest"] },
  { key: "train", needs: ["validate", "ingest"] },
  { key: "count", needs: ["ingest"] },
];

test("an edge that a longer way says already is not drawn", () => {
  expect(drawnEdges(STEPS).map(({ from, to }) => `${from} ${to}`)).toEqual([
    "ingest validate",
    "validate train",
    "ingest count",
  ]);
});

test("a drawing takes as many columns as the longest chain has steps", () => {
  expect(shapeOf(STEPS)).toEqual({ columns: 3, rows: 2 });
  expect(shapeOf([])).toEqual({ columns: 0, rows: 1 });
});
