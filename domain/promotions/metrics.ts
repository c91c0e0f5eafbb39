/** Metrics of which less is better; of every other one more is. */
const LOWER_IS_BETTER: ReadonlySet<string> = new Set(["brier", "log_loss", "rmse", "mae"]);

export function isLowerBetter(metric: string): boolean {
  return LOWER_IS_BETTER.has(metric);
}

const TITLES: Readonly<Record<string, string>> = {
  accuracy: "Accuracy",
  balanced_accuracy: "Balanced accuracy",
  precision: "Precision",
  recall: "Recall",
  f1: "F1",
  brier: "Brier score",
  log_loss: "Log loss",
  roc_auc: "ROC AUC",
  rmse: "RMSE",
  mae: "MAE",
  r2: "R²",
};

export function metricTitle(metric: string): string {
  return TITLES[metric] ?? metric;
}

/** Three decimals, with a real minus sign: what tables and sentences show of a metric. */
export function metricText(value: number): string {
  const text = Math.abs(value).toFixed(Math.abs(value) >= 1000 ? 0 : 3);
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}

/** The same with a plus sign: what a difference shows. */
export function differenceText(value: number): string {
  const text = metricText(value);
  return value > 0 && Number(text) !== 0 ? `+${text}` : text;
}
