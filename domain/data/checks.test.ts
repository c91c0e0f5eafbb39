import { describe, expect, test } from "vitest";
import { checkProblem, describeCheck } from "./checks";
import { checkSpecSchema, importOptionsSchema } from "./contracts";

const SCHEMA = [
  { name: "day", type: "date" },
  { name: "wind", type: "double" },
  { name: "kind", type: "text" },
] as const;

describe("a check", () => {
  test.each([
    [{ kind: "range", column: "wind", min: 0, max: null }, "wind is at least 0"],
    [{ kind: "range", column: "wind", min: 0, max: 40 }, "wind is between 0 and 40"],
    [{ kind: "unique", columns: ["day", "kind"] }, "day and kind are together unique"],
    [{ kind: "gap_free_dates", column: "day", largestGapDays: 1 }, "day has every day"],
    [
      { kind: "allowed_values", column: "kind", values: ["a", "b", "c", "d", "e", "f"] },
      "kind is one of a, b, c, d, e and 1 more",
    ],
  ] as const)("%j reads as a sentence", (check, sentence) => {
    expect(describeCheck(check)).toBe(sentence);
  });

  test("says why it does not fit the columns", () => {
    expect(checkProblem({ kind: "range", column: "kind", min: 0, max: 1 }, SCHEMA)).toBe(
      "A range needs numbers; kind is text.",
    );
    expect(checkProblem({ kind: "gap_free_dates", column: "wind", largestGapDays: 1 }, SCHEMA)).toBe(
      "Gaps need dates; wind is double.",
    );
    expect(checkProblem({ kind: "unique", columns: ["day", "hour"] }, SCHEMA)).toBe(
      "The dataset version has no column hour.",
    );
    expect(checkProblem({ kind: "range", column: "wind", min: 0, max: 1 }, SCHEMA)).toBeNull();
  });

  test("needs a bound, in the right order", () => {
    expect(checkSpecSchema.safeParse({ kind: "range", column: "a", min: null, max: null }).success).toBe(false);
    expect(checkSpecSchema.safeParse({ kind: "range", column: "a", min: 2, max: 1 }).success).toBe(false);
  });
});

test("import options fill in their defaults, so that the digest is of the whole", () => {
  expect(importOptionsSchema.parse({})).toEqual({
    delimiter: ",",
    header: true,
    nullText: "",
    constants: {},
    derived: {},
    types: {},
    filter: null,
  });
  expect(importOptionsSchema.safeParse({ derived: { "a b": "1" } }).success).toBe(false);
  expect(importOptionsSchema.safeParse({ unknown: 1 }).success).toBe(false);
});
