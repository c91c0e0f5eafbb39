import type { EvaluatedRow } from "../registry/types";
import { binaryMetrics, majorityShare, multiclassMetrics, regressionMetrics } from "./metrics";
import type { Outputs } from "./types";

/** How the outputs of a model are read against a target. */
export type Reading =
  | { readonly kind: "binary"; readonly label: string | null; readonly probability: string | null }
  | { readonly kind: "multiclass"; readonly label: string }
  | { readonly kind: "regression"; readonly value: string };

const isWhole = (datatype: string) =>
  datatype === "BOOL" || datatype.startsWith("INT") || datatype.startsWith("UINT") || datatype === "BYTES";

/**
 * Which outputs are the decision and the probability: a whole-number (or text) output of one value a row is the
 * label; a decimal output of two values a row holds the probabilities of 0 and 1. A yes/no target without a label
 * output takes a single decimal output as the probability; a number as target takes it as the value.
 */
export function readingOf(
  outputs: Outputs,
  target: { readonly isBoolean: boolean; readonly labels: readonly number[] },
): Reading | { readonly problem: string } {
  const label = outputs.find((output) => isWhole(output.datatype) && output.width === 1)?.name ?? null;
  const decimals = outputs.filter((output) => !isWhole(output.datatype));
  const pair = decimals.find((output) => output.width === 2)?.name ?? null;
  const single = decimals.find((output) => output.width === 1)?.name ?? null;
  const isYesNo = target.isBoolean || target.labels.every((value) => value === 0 || value === 1);
  if (isYesNo && (label !== null || pair !== null || target.isBoolean)) {
    const probability = pair ?? single;
    return label === null && probability === null
      ? { problem: "The model gives neither a label nor a probability." }
      : { kind: "binary", label, probability };
  }
  if (label !== null) return { kind: "multiclass", label };
  return single === null
    ? { problem: "The model gives no output of one number a row." }
    : { kind: "regression", value: single };
}

export type Scored = Pick<EvaluatedRow, "prediction" | "probability">;

/** Prediction and probability of each row. Throws a sentence where an output is not a number. */
export function scoreRows(outputs: Outputs, reading: Reading, rows: number): readonly Scored[] {
  const column = (name: string, offset: "first" | "last") => {
    const output = outputs.find((candidate) => candidate.name === name);
    const width = output?.width ?? 1;
    return (row: number) => numberIn(output?.values[row * width + (offset === "last" ? width - 1 : 0)], name);
  };
  if (reading.kind !== "binary") {
    const value = column(reading.kind === "regression" ? reading.value : reading.label, "first");
    return Array.from({ length: rows }, (_, row) => ({ prediction: value(row), probability: null }));
  }
  const probability = reading.probability === null ? null : column(reading.probability, "last");
  const label = reading.label === null ? null : column(reading.label, "first");
  return Array.from({ length: rows }, (_, row) => {
    const chance = probability?.(row) ?? null;
    return { prediction: label ? label(row) : Number((chance ?? 0) >= 0.5), probability: chance };
  });
}

const WORDS: Readonly<Record<string, number>> = { true: 1, false: 0, yes: 1, no: 0 };

function numberIn(value: number | string | boolean | undefined, name: string): number {
  const number = typeof value === "string" ? (WORDS[value.toLowerCase()] ?? Number(value)) : Number(value);
  if (value === undefined || value === "" || !Number.isFinite(number))
    throw new Error(`The output ${name} has a value that is not a number.`);
  return number;
}

/** Metrics of a reading, with the share that a constant answer would reach (null for a regression). */
export function metricsOf(
  reading: Reading,
  rows: readonly Pick<EvaluatedRow, "label" | "prediction" | "probability">[],
): { readonly metrics: Record<string, number>; readonly majorityShare: number | null } {
  const labels = rows.map((row) => row.label);
  const predictions = rows.map((row) => row.prediction);
  if (reading.kind === "regression") return { metrics: regressionMetrics(labels, predictions), majorityShare: null };
  if (reading.kind === "multiclass")
    return { metrics: multiclassMetrics(labels, predictions), majorityShare: majorityShare(labels) };
  const probabilities = rows.map((row) => row.probability).filter((value) => value !== null);
  return {
    metrics: binaryMetrics(labels, predictions, probabilities.length === rows.length ? probabilities : null),
    majorityShare: majorityShare(labels),
  };
}

/** Evenly spread row numbers, the first and the last among them. */
export function spreadRows(rows: number, wanted: number): readonly number[] {
  const count = Math.min(rows, wanted);
  return Array.from({ length: count }, (_, index) =>
    count === 1 ? 0 : Math.round((index * (rows - 1)) / (count - 1)),
  );
}
