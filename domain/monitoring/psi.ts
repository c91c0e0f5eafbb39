import { chiSquareQuantile } from "./distributions";

/** Quantile bins of a numeric reference. */
export const BINS = 10;
/** A numeric column with at most so many distinct values is compared value by value. */
export const MOST_CATEGORIES = 10;
/** How often a check may warn of drift where there is none, over all inputs of one window. */
const FALSE_ALARMS = 0.05;

/**
 * Population stability index of two lists of counts over the same bins: Σ (c − r) · ln(c / r) of the shares.
 * An empty bin would make it infinite, so its share becomes 0.0001 on that side, or a millionth of that side's
 * smallest share where that is smaller still; the other shares stay as they are (the convention of Evidently).
 * 0 where one side has no rows.
 */
export function psi(reference: readonly number[], current: readonly number[]): number {
  const r = filledShares(reference);
  const c = filledShares(current);
  if (r === null || c === null) return 0;
  return r.reduce((sum, share, bin) => sum + ((c[bin] ?? share) - share) * Math.log((c[bin] ?? share) / share), 0);
}

const ZERO = 0.0001;

function filledShares(counts: readonly number[]): readonly number[] | null {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  const shares = counts.map((count) => count / total);
  const smallest = Math.min(...shares.filter((share) => share > 0));
  const filler = smallest <= ZERO ? smallest / 1e6 : ZERO;
  return shares.map((share) => (share === 0 ? filler : share));
}

/** Mean of the index when both samples come from one distribution: (bins − 1)(1/n + 1/m). */
export function expectedPsi(bins: number, n: number, m: number): number {
  return n === 0 || m === 0 ? 0 : Math.max(0, bins - 1) * (1 / n + 1 / m);
}

/**
 * What sampling alone explains: without drift the index divided by (1/n + 1/m) is about chi-square with bins − 1
 * degrees of freedom (B. Yurdakul, Statistical Properties of Population Stability Index, Western Michigan University,
 * 2018). The level is shared among the `inputs` that are looked at together (Bonferroni), so that a check of any
 * number of them warns without cause in about 5 % of windows.
 */
export function chanceLimit(bins: number, rows: { readonly n: number; readonly m: number }, inputs = 1): number {
  const { n, m } = rows;
  if (n === 0 || m === 0 || bins < 2) return 0;
  return (1 / n + 1 / m) * chiSquareQuantile(FALSE_ALARMS / Math.max(1, inputs), bins - 1);
}

/** Drift warns above the signed limit, and only above what sampling explains. */
export function isDrift(index: number, limits: { readonly limit: number; readonly chance: number }): boolean {
  return index > limits.limit && index > limits.chance;
}

/** Bin of a value by ascending edges: the number of edges at or below it. The first and last bins are open. */
export function binOf(edges: readonly number[], value: number): number {
  let [low, high] = [0, edges.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((edges[middle] ?? Number.POSITIVE_INFINITY) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** "under 3.4", "3.4 to 5.1", "5.1 and more". */
export function binLabels(edges: readonly number[]): readonly string[] {
  const text = (value: number | undefined) => String(Number((value ?? 0).toPrecision(3)));
  if (edges.length === 0) return ["all values"];
  return Array.from({ length: edges.length + 1 }, (_, bin) => {
    if (bin === 0) return `under ${text(edges[0])}`;
    return bin === edges.length ? `${text(edges[bin - 1])} and more` : `${text(edges[bin - 1])} to ${text(edges[bin])}`;
  });
}
