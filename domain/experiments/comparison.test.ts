import { expect, test } from "vitest";
import { compared } from "./comparison";

test("what differs comes first; a missing key differs", () => {
  const rows = compared([
    { a: "1", b: "x", z: "same" },
    { a: "1", b: "y", z: "same" },
    { b: "x", z: "same" },
  ]);
  expect(rows).toEqual([
    { key: "a", values: ["1", "1", null], isDifferent: true },
    { key: "b", values: ["x", "y", "x"], isDifferent: true },
    { key: "z", values: ["same", "same", "same"], isDifferent: false },
  ]);
});

test("two NaN are the same", () => {
  expect(compared([{ a: "NaN" as const }, { a: "NaN" as const }])[0]?.isDifferent).toBe(false);
});
