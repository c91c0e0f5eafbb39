import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { binomialP, chiSquareQuantile, chiSquareTail, percentile, wilsonInterval } from "./distributions";
import { binLabels, binOf, chanceLimit, expectedPsi, isDrift, psi } from "./psi";
import { measureCells, measurePairs } from "./quality";

type Pair = [number, number];
type Golden = {
  readonly indices: readonly { reference: number[]; current: number[]; psi: number }[];
  readonly quantiles: readonly { tail: number; degrees: number; quantile: number }[];
  readonly tails: readonly { x: number; degrees: number; tail: number }[];
  readonly shares: readonly { hits: number; rows: number; share: number; pValue: number; interval: Pair }[];
  readonly percentiles: readonly { values: number[]; found: { share: number; value: number }[] }[];
  readonly means: readonly { labels: number[]; answers: number[]; brier: number; interval: Pair }[];
};
const golden = JSON.parse(readFileSync("bench/golden/monitoring-statistics.json", "utf8")) as Golden;

const relative = (found: number, wanted: number) => Math.abs(found - wanted) / Math.max(Math.abs(wanted), 1e-300);

describe("against SciPy", () => {
  test.each(golden.indices)("stability index $psi", ({ reference, current, psi: wanted }) => {
    expect(Math.abs(psi(reference, current) - wanted)).toBeLessThan(1e-9);
  });
  test.each(golden.quantiles)("chi-square quantile $tail of $degrees", ({ tail, degrees, quantile }) => {
    expect(Math.abs(chiSquareQuantile(tail, degrees) - quantile)).toBeLessThan(1e-9);
  });
  test.each(golden.tails)("chi-square tail above $x of $degrees", ({ x, degrees, tail }) => {
    expect(relative(chiSquareTail(x, degrees), tail)).toBeLessThan(1e-7);
  });
  test.each(golden.shares)("$hits of $rows against $share", ({ hits, rows, share, pValue, interval }) => {
    const [low, high] = wilsonInterval(hits, rows);
    expect(Math.abs(low - interval[0])).toBeLessThan(1e-9);
    expect(Math.abs(high - interval[1])).toBeLessThan(1e-9);
    expect(relative(binomialP(hits, rows, share), pValue)).toBeLessThan(1e-7);
  });
  test.each(golden.percentiles)("percentiles of $values.length values", ({ values, found }) => {
    for (const { share, value } of found)
      expect(Math.abs((percentile(values, share) ?? Number.NaN) - value)).toBeLessThan(1e-9);
  });
  test.each(golden.means)("Brier score of $labels.length rows", ({ labels, answers, brier, interval }) => {
    const pairs = labels.map((label, row) => ({ label, answer: answers[row] ?? 0 }));
    const found = measurePairs("brier", pairs);
    expect(Math.abs((found.value ?? Number.NaN) - brier)).toBeLessThan(1e-9);
    expect(Math.abs((found.interval?.[0] ?? Number.NaN) - interval[0])).toBeLessThan(1e-8);
    expect(Math.abs((found.interval?.[1] ?? Number.NaN) - interval[1])).toBeLessThan(1e-8);
  });
});

const counts = fc.array(fc.nat(500), { minLength: 2, maxLength: 12 });

test("the index is never negative, 0 between equals, and the same both ways", () => {
  fc.assert(
    fc.property(counts, counts, (first, second) => {
      const length = Math.min(first.length, second.length);
      const [a, b] = [first.slice(0, length), second.slice(0, length)];
      expect(psi(a, b)).toBeGreaterThanOrEqual(0);
      expect(psi(a, a)).toBeCloseTo(0, 12);
      expect(psi(a, b)).toBeCloseTo(psi(b, a), 9);
    }),
  );
});

test("a value falls into the bin whose edges hold it", () => {
  const edgesOf = (values: readonly number[]) => [...new Set(values)].sort((a, b) => a - b);
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 9 }).map(edgesOf),
      fc.double({ min: -60, max: 60, noNaN: true }),
      (edges, value) => {
        const bin = binOf(edges, value);
        expect(bin).toBe(edges.filter((edge) => edge <= value).length);
        expect(binLabels(edges)).toHaveLength(edges.length + 1);
      },
    ),
  );
});

test("drift needs both: above the signed limit, and above what sampling explains", () => {
  const chance = chanceLimit(10, { n: 69, m: 92 }, 5);
  expect(expectedPsi(10, 69, 92)).toBeCloseTo(0.228, 3);
  expect(chance).toBeGreaterThan(0.4);
  expect(isDrift(0.3, { limit: 0.2, chance })).toBe(false);
  expect(isDrift(chance + 0.01, { limit: 0.2, chance })).toBe(true);
  expect(isDrift(0.15, { limit: 0.2, chance: 0.01 })).toBe(false);
});

test("accuracy, balanced accuracy and f1 from counts", () => {
  const cells = [
    { label: "1", prediction: "1", count: 40 },
    { label: "1", prediction: "0", count: 10 },
    { label: "0", prediction: "1", count: 20 },
    { label: "0", prediction: "0", count: 30 },
  ];
  expect(measureCells("accuracy", cells)).toMatchObject({ value: 0.7, rows: 100 });
  expect(measureCells("balanced_accuracy", cells).value).toBeCloseTo((0.8 + 0.6) / 2, 12);
  expect(measureCells("f1", cells).value).toBeCloseTo(80 / 110, 12);
  expect(measureCells("accuracy", [])).toEqual({ value: null, interval: null, rows: 0 });
});
