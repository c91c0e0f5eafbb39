/** Distributions that the checks need, in plain TypeScript; the tests compare them with SciPy's. */

/** The 97.5 % quantile of the standard normal distribution. */
export const NORMAL_975 = 1.959963984540054;

const LANCZOS = [
  676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
  -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** Lanczos approximation of ln Γ(x) for x > 0 (C. Lanczos, SIAM J. Numer. Anal. 1 (1964), 86–96; g = 7, n = 9). */
export function logGamma(x: number): number {
  const series = LANCZOS.reduce((sum, coefficient, index) => sum + coefficient / (x + index), 0.99999999999980993);
  const t = x + 6.5;
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(series);
}

const MOST_TERMS = 10_000;
const PRECISION = 1e-16;

/** Series of the lower incomplete gamma function, for x < a + 1 (W. Press et al., Numerical Recipes, §6.2). */
function lowerSeries(a: number, x: number): number {
  let term = 1 / a;
  let sum = term;
  for (let n = 1; n <= MOST_TERMS; n += 1) {
    term *= x / (a + n);
    sum += term;
    if (Math.abs(term) < Math.abs(sum) * PRECISION) break;
  }
  return sum * Math.exp(-x + a * Math.log(x) - logGamma(a));
}

/** Continued fraction of the upper incomplete gamma function by the modified Lentz method, for x ≥ a + 1 (ibid.). */
function upperFraction(a: number, x: number): number {
  const tiny = 1e-300;
  let b = x + 1 - a;
  let c = 1 / tiny;
  let d = 1 / b;
  let fraction = d;
  for (let n = 1; n <= MOST_TERMS; n += 1) {
    const an = -n * (n - a);
    b += 2;
    d = an * d + b;
    if (Math.abs(d) < tiny) d = tiny;
    c = b + an / c;
    if (Math.abs(c) < tiny) c = tiny;
    d = 1 / d;
    fraction *= d * c;
    if (Math.abs(d * c - 1) < PRECISION) break;
  }
  return fraction * Math.exp(-x + a * Math.log(x) - logGamma(a));
}

/** Share of the chi-square distribution with `degrees` ≥ 1 degrees of freedom that lies above `x` ≥ 0. */
export function chiSquareTail(x: number, degrees: number): number {
  if (x <= 0) return 1;
  const [a, half] = [degrees / 2, x / 2];
  return half < a + 1 ? 1 - lowerSeries(a, half) : upperFraction(a, half);
}

/** The value that a chi-square variable with `degrees` ≥ 1 exceeds with probability `tail` in (0, 1), by halving. */
export function chiSquareQuantile(tail: number, degrees: number): number {
  let [low, high] = [0, Math.max(10, 2 * degrees)];
  while (chiSquareTail(high, degrees) > tail) high *= 2;
  for (let step = 0; step < 200 && high - low > 1e-13 * high; step += 1) {
    const middle = (low + high) / 2;
    if (chiSquareTail(middle, degrees) > tail) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** ln of n over k. */
function logChoose(n: number, k: number): number {
  return logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
}

function binomialMass(k: number, n: number, p: number): number {
  if (p === 0) return Number(k === 0);
  if (p === 1) return Number(k === n);
  return Math.exp(logChoose(n, k) + k * Math.log(p) + (n - k) * Math.log1p(-p));
}

/** Outcomes that are as likely as the observed one but for rounding, as SciPy and R treat them. */
const ROUNDING = 1 + 1e-7;

/**
 * Exact two-sided binomial test: the probability of all outcomes that are at most as likely as `hits` of `rows` when
 * the share is `share` (the definition of R's binom.test and SciPy's binomtest). 1 for no rows.
 */
export function binomialP(hits: number, rows: number, share: number): number {
  if (rows === 0) return 1;
  const limit = binomialMass(hits, rows, share) * ROUNDING;
  let p = 0;
  for (let k = 0; k <= rows; k += 1) {
    const mass = binomialMass(k, rows, share);
    if (mass <= limit) p += mass;
  }
  return Math.min(1, p);
}

/**
 * Wilson's 95 % score interval of a share (E. B. Wilson, J. Am. Stat. Assoc. 22 (1927), 209–212), without continuity
 * correction. [0, 1] for no rows.
 */
export function wilsonInterval(hits: number, rows: number): readonly [number, number] {
  if (rows === 0) return [0, 1];
  const z2 = NORMAL_975 * NORMAL_975;
  const share = hits / rows;
  const centre = (share + z2 / (2 * rows)) / (1 + z2 / rows);
  const half = (NORMAL_975 / (1 + z2 / rows)) * Math.sqrt((share * (1 - share)) / rows + z2 / (4 * rows * rows));
  return [hits === 0 ? 0 : Math.max(0, centre - half), hits === rows ? 1 : Math.min(1, centre + half)];
}

/**
 * Linearly interpolated percentile of values in ascending order (Hyndman and Fan, type 7: the default of NumPy and of
 * Postgres' percentile_cont). `share` in [0, 1]. Null for no values.
 */
export function percentile(ascending: readonly number[], share: number): number | null {
  const at = (ascending.length - 1) * share;
  const low = ascending[Math.floor(at)];
  const high = ascending[Math.ceil(at)];
  return low === undefined || high === undefined ? null : low + (high - low) * (at - Math.floor(at));
}
