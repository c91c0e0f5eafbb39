import { wilsonInterval } from "../monitoring/distributions";
import { FEWEST_ROWS } from "../monitoring/policy";
import { compareVersions } from "../promotions/comparison";
import { isLowerBetter } from "../promotions/metrics";
import type { EvaluatedRow } from "../registry/types";
import { regressionMetrics } from "../serving/metrics";
import type { Confusion, SliceResult, SliceValue } from "./types";

function confusionOf(rows: readonly EvaluatedRow[]): Confusion | null {
  const isYesNo = rows.every(
    ({ label, prediction }) => (label === 0 || label === 1) && (prediction === 0 || prediction === 1),
  );
  if (!isYesNo) return null;
  const count = (label: number, prediction: number) =>
    rows.filter((row) => row.label === label && row.prediction === prediction).length;
  return {
    truePositive: count(1, 1),
    falsePositive: count(0, 1),
    trueNegative: count(0, 0),
    falseNegative: count(1, 0),
  };
}

function figureOf(metric: string, rows: readonly EvaluatedRow[]): SliceValue | null {
  if (metric === "accuracy") {
    const hits = rows.filter((row) => row.label === row.prediction).length;
    return { value: hits / rows.length, interval: wilsonInterval(hits, rows.length), confusion: confusionOf(rows) };
  }
  const labels = rows.map((row) => row.label);
  const predictions = rows.map((row) => row.prediction);
  const value = regressionMetrics(labels, predictions)[metric];
  return value === undefined ? null : { value, interval: null, confusion: null };
}

function differenceOf(
  metric: string,
  values: { readonly candidate: SliceValue | null; readonly base: SliceValue | null },
  rows: { readonly candidate: readonly EvaluatedRow[]; readonly base: readonly EvaluatedRow[] },
): SliceResult["difference"] {
  const { candidate, base } = values;
  if (!candidate || !base) return null;
  const plain = candidate.value - base.value;
  const value = isLowerBetter(metric) ? -plain : plain;
  if (metric !== "accuracy") return { value, interval: null };
  return { value, interval: compareVersions(metric, rows.candidate, rows.base)?.interval ?? null };
}

/** Which metric slices show: the share of rows right for labels; for numbers the policy's own, where it is one of an error. */
export function sliceMetricOf(metrics: Readonly<Record<string, number>>, metric: string): string {
  if (metrics.accuracy !== undefined) return "accuracy";
  return metric in regressionMetrics([0], [0]) ? metric : "rmse";
}

export type SliceSpec = { readonly id: string; readonly name: string; readonly expression: string | null };

/** A slice that could not be computed on this dataset, with the reason. */
export function failedSlice(spec: SliceSpec, problem: string): SliceResult {
  return { ...spec, rows: 0, isTooFew: false, problem, candidate: null, base: null, difference: null };
}

/**
 * Both versions on the rows of a slice, from what the platform recorded for each row. `isIn` has one entry a row, in the
 * order of the rows; both sides answered the same rows. Under 20 rows there is no figure.
 */
export function sliceResult(
  spec: SliceSpec,
  metric: string,
  about: {
    readonly isIn: readonly boolean[];
    readonly candidate: readonly EvaluatedRow[] | null;
    readonly base: readonly EvaluatedRow[] | null;
  },
): SliceResult {
  const pick = (rows: readonly EvaluatedRow[] | null) => rows?.filter((_, index) => about.isIn[index]) ?? null;
  const count = about.isIn.filter(Boolean).length;
  const isTooFew = count < FEWEST_ROWS;
  const empty = { ...spec, rows: count, isTooFew, problem: null, candidate: null, base: null, difference: null };
  if (isTooFew) return empty;
  const rows = { candidate: pick(about.candidate), base: pick(about.base) };
  const candidate = rows.candidate && figureOf(metric, rows.candidate);
  const base = rows.base && figureOf(metric, rows.base);
  const difference =
    rows.candidate && rows.base
      ? differenceOf(metric, { candidate, base }, { candidate: rows.candidate, base: rows.base })
      : null;
  return { ...empty, candidate, base, difference };
}
