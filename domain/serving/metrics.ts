/**
 * Metrics of an evaluation, in plain TypeScript; the tests compare them with scikit-learn's on recorded data.
 * Labels are 0 and 1; probabilities are of the label 1.
 */

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Counts of a binary decision. */
function confusion(labels: readonly number[], predictions: readonly number[]) {
  const counts = { truePositive: 0, falsePositive: 0, trueNegative: 0, falseNegative: 0 };
  labels.forEach((label, row) => {
    const isPositive = predictions[row] === 1;
    if (label === 1) counts[isPositive ? "truePositive" : "falseNegative"] += 1;
    else counts[isPositive ? "falsePositive" : "trueNegative"] += 1;
  });
  return counts;
}

/**
 * accuracy; balanced_accuracy (mean recall of the labels that occur); precision, recall and f1 of label 1, 0 where
 * undefined; with probabilities brier (mean squared error), log_loss (natural, clipped at 2.2e-16) and roc_auc.
 */
export function binaryMetrics(
  labels: readonly number[],
  predictions: readonly number[],
  probabilities: readonly number[] | null,
): Record<string, number> {
  const { truePositive, falsePositive, trueNegative, falseNegative } = confusion(labels, predictions);
  const recalls = [
    ratio(truePositive, truePositive + falseNegative),
    ratio(trueNegative, trueNegative + falsePositive),
  ].filter((recall) => recall !== null);
  const decided: Record<string, number> = {
    accuracy: (truePositive + trueNegative) / labels.length,
    balanced_accuracy: mean(recalls),
    precision: ratio(truePositive, truePositive + falsePositive) ?? 0,
    recall: ratio(truePositive, truePositive + falseNegative) ?? 0,
    f1: ratio(2 * truePositive, 2 * truePositive + falsePositive + falseNegative) ?? 0,
  };
  if (probabilities === null) return decided;
  const auc = rocAuc(labels, probabilities);
  return {
    ...decided,
    brier: brier(labels, probabilities),
    log_loss: logLoss(labels, probabilities),
    ...(auc !== null && { roc_auc: auc }),
  };
}

const ratio = (part: number, whole: number) => (whole === 0 ? null : part / whole);

/** Accuracy and balanced accuracy over any number of labels. */
export function multiclassMetrics(labels: readonly number[], predictions: readonly number[]): Record<string, number> {
  const hits = labels.map((label, row) => Number(label === predictions[row]));
  const recalls = [...new Set(labels)].map((label) => mean(hits.filter((_, row) => labels[row] === label)));
  return { accuracy: mean(hits), balanced_accuracy: mean(recalls) };
}

/** rmse, mae and r2 (1 - residual over total sum of squares; 0 where the labels do not vary and the model errs). */
export function regressionMetrics(labels: readonly number[], predictions: readonly number[]): Record<string, number> {
  const errors = labels.map((label, row) => label - (predictions[row] ?? Number.NaN));
  const squares = errors.reduce((sum, error) => sum + error * error, 0);
  const centre = mean(labels);
  const total = labels.reduce((sum, label) => sum + (label - centre) ** 2, 0);
  const r2 = total === 0 ? Number(squares === 0) : 1 - squares / total;
  return { rmse: Math.sqrt(squares / labels.length), mae: mean(errors.map(Math.abs)), r2 };
}

function brier(labels: readonly number[], probabilities: readonly number[]): number {
  return mean(brierLosses(labels, probabilities));
}

/** Squared error of each row's probability. */
export function brierLosses(labels: readonly number[], probabilities: readonly number[]): readonly number[] {
  return labels.map((label, row) => (label - (probabilities[row] ?? Number.NaN)) ** 2);
}

const CLIP = Number.EPSILON;

function logLoss(labels: readonly number[], probabilities: readonly number[]): number {
  return mean(logLosses(labels, probabilities));
}

/** Natural log loss of each row's probability, clipped at 2.2e-16. */
export function logLosses(labels: readonly number[], probabilities: readonly number[]): readonly number[] {
  return labels.map((label, row) => {
    const p = Math.min(1 - CLIP, Math.max(CLIP, probabilities[row] ?? Number.NaN));
    return -Math.log(label === 1 ? p : 1 - p);
  });
}

/** Area under the ROC curve by mid-ranks (Mann and Whitney); null where only one label occurs. */
export function rocAuc(labels: readonly number[], probabilities: readonly number[]): number | null {
  const positives = labels.filter((label) => label === 1).length;
  const negatives = labels.length - positives;
  if (positives === 0 || negatives === 0) return null;
  const order = probabilities
    .map((probability, row) => ({ probability, label: labels[row] ?? 0 }))
    .sort((a, b) => a.probability - b.probability);
  let rankSum = 0;
  for (let start = 0; start < order.length; ) {
    let end = start;
    while (end < order.length && order[end]?.probability === order[start]?.probability) end += 1;
    const midRank = (start + 1 + end) / 2;
    for (let at = start; at < end; at += 1) if (order[at]?.label === 1) rankSum += midRank;
    start = end;
  }
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}

/** Share of the most frequent label. */
export function majorityShare(labels: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return Math.max(...counts.values()) / labels.length;
}
