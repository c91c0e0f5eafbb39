import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { exactMcNemarP, pairedCounts, pairedDifference } from "./paired-difference";
import { lossDifference, studentQuantile } from "./paired-loss";

type Golden = {
  readonly paired: readonly {
    better: number;
    worse: number;
    rows: number;
    interval: [number, number];
    pValue: number;
  }[];
  readonly losses: readonly { first: number[]; second: number[]; interval: [number, number] }[];
  readonly quantiles: readonly { degrees: number; quantile: number }[];
};
const golden = JSON.parse(readFileSync("bench/golden/promotion-statistics.json", "utf8")) as Golden;

describe("against SciPy and a numerical likelihood", () => {
  test.each(golden.paired)("$better better, $worse worse of $rows", ({ better, worse, rows, interval, pValue }) => {
    const found = pairedDifference({ better, worse, rows });
    expect(found.difference).toBeCloseTo((better - worse) / rows, 12);
    expect(found.interval[0]).toBeCloseTo(interval[0], 6);
    expect(found.interval[1]).toBeCloseTo(interval[1], 6);
    expect(found.pValue).toBeCloseTo(pValue, 10);
  });

  test.each(golden.losses)("losses of $first.length rows", ({ first, second, interval }) => {
    const found = lossDifference(first, second);
    expect(found.interval[0]).toBeCloseTo(interval[0], 9);
    expect(found.interval[1]).toBeCloseTo(interval[1], 9);
  });

  test.each(golden.quantiles)("t quantile with $degrees degrees of freedom", ({ degrees, quantile }) => {
    expect(studentQuantile(degrees)).toBeCloseTo(quantile, 8);
  });
});

const counts = fc
  .tuple(fc.nat(60), fc.nat(60), fc.nat(400))
  .map(([better, worse, same]) => ({ better, worse, rows: Math.max(1, better + worse + same) }));

test("the interval holds the difference and lies in [-1, 1]", () => {
  fc.assert(
    fc.property(counts, (given) => {
      const { difference, interval } = pairedDifference(given);
      expect(interval[0]).toBeGreaterThanOrEqual(-1);
      expect(interval[1]).toBeLessThanOrEqual(1);
      expect(interval[0]).toBeLessThanOrEqual(difference + 1e-12);
      expect(interval[1]).toBeGreaterThanOrEqual(difference - 1e-12);
    }),
  );
});

test("swapping the two models mirrors the interval and keeps p", () => {
  fc.assert(
    fc.property(counts, ({ better, worse, rows }) => {
      const one = pairedDifference({ better, worse, rows });
      const other = pairedDifference({ better: worse, worse: better, rows });
      expect(other.interval[0]).toBeCloseTo(-one.interval[1], 9);
      expect(other.interval[1]).toBeCloseTo(-one.interval[0], 9);
      expect(exactMcNemarP(better, worse)).toBe(exactMcNemarP(worse, better));
    }),
  );
});

test("two models that never differ have an interval around zero and p = 1", () => {
  const { interval, pValue } = pairedDifference({ better: 0, worse: 0, rows: 93 });
  expect(interval[0]).toBeLessThan(0);
  expect(interval[1]).toBeGreaterThan(0);
  expect(pValue).toBe(1);
});

test("counts that do not add up are refused", () => {
  expect(() => pairedDifference({ better: 5, worse: 5, rows: 9 })).toThrow(RangeError);
  expect(() => pairedDifference({ better: 0, worse: 0, rows: 0 })).toThrow(RangeError);
});

test("rows are counted where exactly one is right", () => {
  expect(pairedCounts([1, 1, 0, 0], [1, 0, 0, 1], [0, 1, 0, 1])).toEqual({ better: 1, worse: 1, rows: 4 });
});
