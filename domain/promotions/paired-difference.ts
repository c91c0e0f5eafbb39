/**
 * Comparison of two classifiers on the same rows. `better` rows only the first gets right, `worse` rows only the
 * second; the rows on which both are right or both are wrong matter only through their number.
 */
export type PairedCounts = { readonly better: number; readonly worse: number; readonly rows: number };

/** The difference of two shares of right rows, in [-1, 1], with its interval and the exact McNemar p. */
export type PairedDifference = {
  readonly difference: number;
  readonly interval: readonly [number, number];
  readonly pValue: number;
};

/** The 97.5 % quantile of the standard normal distribution. */
const Z_95 = 1.959963984540054;

/**
 * Tango's score statistic for the hypothesis that the true difference is `delta`.
 * The nuisance share is its maximum likelihood estimate under that hypothesis.
 *
 * Source: T. Tango, Equivalence test and confidence interval for the difference in proportions for the
 * paired-sample design, Statistics in Medicine 17 (1998), 891–908, equations 7 and 8.
 */
function scoreStatistic({ better, worse, rows }: PairedCounts, delta: number): number {
  const a = 2 * rows;
  const b = -better - worse + (2 * rows - better + worse) * delta;
  const c = -worse * delta * (1 - delta);
  const nuisance = (Math.sqrt(Math.max(0, b * b - 4 * a * c)) - b) / (2 * a);
  const variance = rows * (2 * nuisance + delta * (1 - delta));
  const distance = better - worse - rows * delta;
  if (variance <= 0) return distance === 0 ? 0 : Math.sign(distance) * Number.POSITIVE_INFINITY;
  return distance / Math.sqrt(variance);
}

/** Where the falling statistic crosses `level` between `low` and `high`; 60 halvings reach double precision. */
function crossing(counts: PairedCounts, level: number, [low, high]: readonly [number, number]): number {
  let [from, to] = [low, high];
  for (let step = 0; step < 60; step += 1) {
    const middle = (from + to) / 2;
    if (scoreStatistic(counts, middle) > level) from = middle;
    else to = middle;
  }
  return (from + to) / 2;
}

/**
 * Two-sided exact McNemar p: the probability, with fair coins for the rows on which the two differ, of a split at
 * least as uneven. 1 where they differ nowhere.
 *
 * Source: Q. McNemar, Psychometrika 12 (1947), 153–157; the exact form is the two-sided binomial test with p = 1/2.
 */
export function exactMcNemarP(better: number, worse: number): number {
  const discordant = better + worse;
  const smaller = Math.min(better, worse);
  // Terms of the binomial tail as logarithms, so that thousands of rows do not overflow.
  let logTerm = -discordant * Math.LN2;
  let tail = Math.exp(logTerm);
  for (let k = 1; k <= smaller; k += 1) {
    logTerm += Math.log(discordant - k + 1) - Math.log(k);
    tail += Math.exp(logTerm);
  }
  return Math.min(1, 2 * tail);
}

/**
 * Difference (first minus second) of the shares of rows that two classifiers get right on the same rows, with its
 * 95 % Tango score interval.
 *
 * @throws RangeError where the counts are not whole, or `better + worse` exceeds `rows`, or there is no row.
 */
export function pairedDifference(counts: PairedCounts): PairedDifference {
  const { better, worse, rows } = counts;
  const isWhole = [better, worse, rows].every((count) => Number.isInteger(count) && count >= 0);
  if (!isWhole || rows === 0 || better + worse > rows)
    throw new RangeError("Paired counts must be whole and add up to at most the rows.");
  const difference = (better - worse) / rows;
  return {
    difference,
    interval: [crossing(counts, Z_95, [-1, difference]), crossing(counts, -Z_95, [difference, 1])],
    pValue: exactMcNemarP(better, worse),
  };
}

/** Counts on which rows two lists of answers differ, given the right answers; the lists are in the same row order. */
export function pairedCounts(
  labels: readonly number[],
  first: readonly number[],
  second: readonly number[],
): PairedCounts {
  let better = 0;
  let worse = 0;
  labels.forEach((label, row) => {
    const isFirstRight = first[row] === label;
    const isSecondRight = second[row] === label;
    if (isFirstRight && !isSecondRight) better += 1;
    if (isSecondRight && !isFirstRight) worse += 1;
  });
  return { better, worse, rows: labels.length };
}
