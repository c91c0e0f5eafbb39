import type { EvaluatedRow } from "../registry/types";
import { pairedCounts, pairedDifference } from "./paired-difference";
import { lossDifference } from "./paired-loss";

/** What the comparison of two versions on the same rows found. Above 0: the candidate is better. */
export type Comparison = {
  readonly difference: number;
  readonly interval: readonly [number, number];
  readonly pValue: number | null;
  readonly rows: number;
  /** How it was counted, as a sentence: "12 of 92 rows right that were wrong, 3 the other way". */
  readonly account: string;
};

const LOSSES: Readonly<Record<string, (row: EvaluatedRow) => number>> = {
  rmse: (row) => (row.prediction - row.label) ** 2,
  r2: (row) => (row.prediction - row.label) ** 2,
  mae: (row) => Math.abs(row.prediction - row.label),
  brier: (row) => ((row.probability ?? row.prediction) - row.label) ** 2,
  log_loss: (row) => {
    const probability = Math.min(1 - 1e-15, Math.max(1e-15, row.probability ?? row.prediction));
    return -Math.log(row.label === 1 ? probability : 1 - probability);
  },
};

/** The same rows in the same order: the hashes agree one by one. */
function areSameRows(candidate: readonly EvaluatedRow[], current: readonly EvaluatedRow[]): boolean {
  return (
    candidate.length === current.length &&
    candidate.every((row, index) => row.rowHash === current[index]?.rowHash && row.label === current[index]?.label)
  );
}

/**
 * Compares two versions on the same rows. Metrics over labels are judged on the share of rows that each gets right,
 * by the paired difference with its Tango interval; metrics that are a mean loss on the loss per row.
 *
 * @returns null where the two did not answer the same rows.
 */
export function compareVersions(
  metric: string,
  candidate: readonly EvaluatedRow[],
  current: readonly EvaluatedRow[],
): Comparison | null {
  if (candidate.length === 0 || !areSameRows(candidate, current)) return null;
  const rows = candidate.length;
  const loss = LOSSES[metric];
  if (loss) {
    if (rows < 2) return null;
    const found = lossDifference(candidate.map(loss), current.map(loss));
    return { ...found, pValue: null, rows, account: `mean loss per row on ${rows} rows` };
  }
  const predictions = (from: readonly EvaluatedRow[]) => from.map((row) => row.prediction);
  const labels = candidate.map((row) => row.label);
  const counts = pairedCounts(labels, predictions(candidate), predictions(current));
  const found = pairedDifference(counts);
  return {
    ...found,
    rows,
    account: `${counts.better} of ${rows} rows right that were wrong before, ${counts.worse} the other way`,
  };
}
