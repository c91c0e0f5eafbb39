import { studentQuantile } from "../promotions/paired-loss";
import { brierLosses, logLosses, regressionMetrics, rocAuc } from "../serving/metrics";
import { binomialP, wilsonInterval } from "./distributions";

/** Metrics that a monitor can judge, with what the labels have to be. */
export const MONITOR_METRICS = [
  "accuracy",
  "balanced_accuracy",
  "f1",
  "brier",
  "log_loss",
  "roc_auc",
  "rmse",
  "mae",
  "r2",
] as const;
export type MonitorMetric = (typeof MONITOR_METRICS)[number];

export function isMonitorMetric(metric: string): metric is MonitorMetric {
  return (MONITOR_METRICS as readonly string[]).includes(metric);
}

/** Answers of one label with one decision, counted. */
export type ConfusionCell = { readonly label: string; readonly prediction: string; readonly count: number };
/** Label and answer as numbers: the probability of 1 for a yes/no label, else the value. */
export type ScoredPair = { readonly label: number; readonly answer: number };

export type Measured = {
  /** In the metric's own unit; null where it is not defined on these rows. */
  readonly value: number | null;
  /** 95 %; null where the metric has none in closed form. */
  readonly interval: readonly [number, number] | null;
  readonly rows: number;
};

const CELL_METRICS: ReadonlySet<string> = new Set(["accuracy", "balanced_accuracy", "f1"]);

/** Whether a metric needs only counts of label and decision, which the database can make. */
export function isCounted(metric: string): boolean {
  return CELL_METRICS.has(metric);
}

/** Why a metric cannot be counted from these labels, or null. */
export function cellsProblem(metric: string, cells: readonly ConfusionCell[]): string | null {
  const isText = metric === "f1" && cells.some(({ label }) => label !== "0" && label !== "1");
  return isText ? "f1 needs labels that are 0 or 1." : null;
}

/** accuracy (Wilson interval), balanced_accuracy (mean recall of the labels that occur), f1 of the label 1 (undefined without any). */
export function measureCells(metric: string, cells: readonly ConfusionCell[]): Measured {
  const rows = cells.reduce((sum, cell) => sum + cell.count, 0);
  if (rows === 0) return { value: null, interval: null, rows };
  const countOf = (isWanted: (cell: ConfusionCell) => boolean) =>
    cells.reduce((sum, cell) => sum + (isWanted(cell) ? cell.count : 0), 0);
  const hits = countOf((cell) => cell.label === cell.prediction);
  if (metric === "accuracy") return { value: hits / rows, interval: wilsonInterval(hits, rows), rows };
  if (metric === "balanced_accuracy") {
    const recalls = [...new Set(cells.map((cell) => cell.label))].map(
      (label) =>
        countOf((cell) => cell.label === label && cell.prediction === label) / countOf((cell) => cell.label === label),
    );
    return { value: recalls.reduce((sum, recall) => sum + recall, 0) / recalls.length, interval: null, rows };
  }
  const truePositive = countOf((cell) => cell.label === "1" && cell.prediction === "1");
  const positives = countOf((cell) => cell.label === "1") + countOf((cell) => cell.prediction === "1");
  return { value: positives === 0 ? null : (2 * truePositive) / positives, interval: null, rows };
}

/**
 * Metrics over pairs. Means of a loss (brier, log_loss, mae) have the t interval of the mean; rmse the root of that of
 * the mean square; roc_auc and r2 have none.
 */
export function measurePairs(metric: string, pairs: readonly ScoredPair[]): Measured {
  const rows = pairs.length;
  if (rows === 0) return { value: null, interval: null, rows };
  const labels = pairs.map((pair) => pair.label);
  const answers = pairs.map((pair) => pair.answer);
  switch (metric) {
    case "brier":
      return { ...meanOf(brierLosses(labels, answers)), rows };
    case "log_loss":
      return { ...meanOf(logLosses(labels, answers)), rows };
    case "mae":
      return { ...meanOf(labels.map((label, row) => Math.abs(label - (answers[row] ?? 0)))), rows };
    case "rmse": {
      const { value, interval } = meanOf(labels.map((label, row) => (label - (answers[row] ?? 0)) ** 2));
      return {
        value: Math.sqrt(value),
        interval: interval && [Math.sqrt(Math.max(0, interval[0])), Math.sqrt(interval[1])],
        rows,
      };
    }
    case "roc_auc":
      return { value: rocAuc(labels, answers), interval: null, rows };
    default:
      return { value: regressionMetrics(labels, answers).r2 ?? null, interval: null, rows };
  }
}

function meanOf(losses: readonly number[]): { value: number; interval: readonly [number, number] | null } {
  const value = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
  if (losses.length < 2) return { value, interval: null };
  const variance = losses.reduce((sum, loss) => sum + (loss - value) ** 2, 0) / (losses.length - 1);
  const half = studentQuantile(losses.length - 1) * Math.sqrt(variance / losses.length);
  return { value, interval: [value - half, value + half] };
}

/** Two-sided p of an accuracy against its floor; null for another metric. */
export function floorP(metric: string, measured: Measured, floor: number): number | null {
  if (metric !== "accuracy" || measured.value === null || floor < 0 || floor > 1) return null;
  return binomialP(Math.round(measured.value * measured.rows), measured.rows, floor);
}
