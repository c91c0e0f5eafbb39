/**
 * Comparison of two models by a loss per row (squared or absolute error, Brier, log loss) on the same rows:
 * the mean of the paired differences with its 95 % t interval.
 */
export type LossDifference = {
  /** Mean of second minus first, in the loss's unit: above 0 where the first model loses less. */
  readonly difference: number;
  readonly interval: readonly [number, number];
};

/** Lanczos approximation of ln Γ(x) for x > 0 (C. Lanczos, SIAM J. Numer. Anal. 1 (1964), 86–96; g = 7, n = 9). */
function logGamma(x: number): number {
  const coefficients = [
    676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
    -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
  ];
  const series = coefficients.reduce((sum, coefficient, index) => sum + coefficient / (x + index), 0.99999999999980993);
  const t = x + 6.5;
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(series);
}

/** Continued fraction of the incomplete beta function by the modified Lentz method (W. Press et al., Numerical Recipes, §6.4). */
function betaFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  const guard = (value: number) => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / guard(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m <= 500; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / guard(1 + even * d);
    c = guard(1 + even / c);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / guard(1 + odd * d);
    c = guard(1 + odd / c);
    fraction *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return fraction;
}

/** Regularised incomplete beta function I_x(a, b), for x in [0, 1]. */
function regularisedBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x));
  if (x < (a + 1) / (a + b + 2)) return (front * betaFraction(x, a, b)) / a;
  return 1 - (front * betaFraction(1 - x, b, a)) / b;
}

/** The 97.5 % quantile of Student's t distribution, by halving. `degrees` ≥ 1. */
export function studentQuantile(degrees: number): number {
  const upperTail = (t: number) => regularisedBeta(degrees / (degrees + t * t), degrees / 2, 0.5) / 2;
  let [low, high] = [0, 20];
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (upperTail(middle) > 0.025) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** @throws RangeError where the lists differ in length or hold fewer than two rows. */
export function lossDifference(first: readonly number[], second: readonly number[]): LossDifference {
  const rows = first.length;
  if (rows < 2 || second.length !== rows)
    throw new RangeError("A paired comparison needs two lists of at least two rows.");
  const differences = first.map((loss, row) => (second[row] ?? 0) - loss);
  const mean = differences.reduce((sum, value) => sum + value, 0) / rows;
  const variance = differences.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (rows - 1);
  const half = studentQuantile(rows - 1) * Math.sqrt(variance / rows);
  return { difference: mean, interval: [mean - half, mean + half] };
}
