import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { wilsonInterval } from "../monitoring/distributions";
import { FEWEST_ROWS } from "../monitoring/policy";
import { pairedDifference } from "../promotions/paired-difference";
import type { EvaluatedRow } from "../registry/types";
import { failedSlice, sliceMetricOf, sliceResult } from "./slices";

const spec = { id: "s", name: "Windy", expression: "wind > 5" };
const rows = (pairs: readonly (readonly [label: number, prediction: number])[]): EvaluatedRow[] =>
  pairs.map(([label, prediction], index) => ({ rowHash: String(index), label, prediction, probability: null }));

describe("Wilson's interval", () => {
  // SciPy 1.17.1: scipy.stats.binomtest(hits, n).proportion_ci(0.95, method="wilson")
  test.each([
    [9, 31, 0.16095800156300613, 0.46592329330749926],
    [0, 20, 0, 0.16112515805281935],
    [20, 20, 0.8388748419471808, 1],
    [75, 93, 0.71467528088567, 0.8739156046103633],
  ])("of %i of %i", (hits, n, low, high) => {
    const [from, to] = wilsonInterval(hits, n);
    expect(from).toBeCloseTo(low, 12);
    expect(to).toBeCloseTo(high, 12);
  });

  test("lies within [0, 1] and holds the share", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.nat(500), (n, k) => {
        const hits = Math.min(k, n);
        const [low, high] = wilsonInterval(hits, n);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual(hits / n);
        expect(high).toBeGreaterThanOrEqual(hits / n);
      }),
    );
  });
});

describe("a slice", () => {
  const isIn = Array.from({ length: 40 }, (_, index) => index < 31);
  const base = rows(Array.from({ length: 40 }, (_, index) => [index % 2, index % 2]));
  const candidate = rows(
    Array.from({ length: 40 }, (_, index) => [index % 2, index < 3 ? 1 - (index % 2) : index % 2]),
  );

  test("gives share, interval and counts for both versions, and the paired difference", () => {
    const found = sliceResult(spec, "accuracy", { isIn, candidate, base });
    expect(found).toMatchObject({ rows: 31, isTooFew: false, problem: null });
    expect(found.candidate?.value).toBeCloseTo(28 / 31);
    expect(found.candidate?.confusion).toEqual({
      truePositive: 14,
      falsePositive: 2,
      trueNegative: 14,
      falseNegative: 1,
    });
    expect(found.base).toMatchObject({ value: 1 });
    expect(found.difference?.value).toBeCloseTo(-3 / 31);
    const paired = pairedDifference({ better: 0, worse: 3, rows: 31 });
    expect(found.difference?.interval).toEqual(paired.interval);
  });

  test("of fewer than twenty rows says only how many", () => {
    const few = isIn.map((_, index) => index < FEWEST_ROWS - 1);
    expect(sliceResult(spec, "accuracy", { isIn: few, candidate, base })).toMatchObject({
      rows: 19,
      isTooFew: true,
      candidate: null,
      difference: null,
    });
    const enough = isIn.map((_, index) => index < FEWEST_ROWS);
    expect(sliceResult(spec, "accuracy", { isIn: enough, candidate, base }).isTooFew).toBe(false);
  });

  test("stands without a version to compare with", () => {
    const found = sliceResult(spec, "accuracy", { isIn, candidate, base: null });
    expect(found).toMatchObject({ base: null, difference: null });
    expect(found.candidate).not.toBeNull();
  });

  test("of numbers takes the policy's metric; less error is a difference above zero", () => {
    const near = rows(isIn.map((_, index) => [index, index + 1]));
    const far = rows(isIn.map((_, index) => [index, index + 3]));
    const found = sliceResult(spec, "mae", { isIn, candidate: near, base: far });
    expect(found.candidate).toEqual({ value: 1, interval: null, confusion: null });
    expect(found.difference).toEqual({ value: 2, interval: null });
    expect(sliceMetricOf({ rmse: 1, mae: 1, r2: 0 }, "mae")).toBe("mae");
    expect(sliceMetricOf({ accuracy: 1, f1: 1 }, "f1")).toBe("accuracy");
  });

  test("that cannot be computed says why", () => {
    expect(failedSlice(spec, "There is no column wind.")).toMatchObject({ rows: 0, candidate: null, isTooFew: false });
  });
});
