export type Domain = readonly [number, number];

/** About `count` round numbers that cover the domain: steps of 1, 2 or 5 times a power of ten. */
export function ticksOf([low, high]: Domain, count: number): number[] {
  const span = high - low;
  if (span <= 0 || !Number.isFinite(span)) return [low];
  const raw = span / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= raw * (1 - 1e-9)) ?? 10) * power;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

/** The numbers' range with some air; a single value gets a range around it. */
export function domainOf(values: readonly number[], air = 0.08): Domain {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return [0, 1];
  const low = finite.reduce((least, value) => Math.min(least, value));
  const high = finite.reduce((most, value) => Math.max(most, value));
  const pad = (high - low) * air || Math.abs(high) * 0.1 || 1;
  return [low - pad, high + pad];
}

/** At most `limit` points, keeping the least and the greatest of each bucket, so that no spike is lost. */
export function thinOut<Point extends { readonly y: number }>(
  points: readonly Point[],
  limit: number,
): readonly Point[] {
  if (points.length <= limit) return points;
  const size = Math.ceil(points.length / (limit / 2));
  const starts = Array.from({ length: Math.ceil(points.length / size) }, (_, index) => index * size);
  return starts.flatMap((from) => extremesOf(points.slice(from, from + size)));
}

/** The least and the greatest point, in their order; one where they are the same. */
function extremesOf<Point extends { readonly y: number }>(points: readonly Point[]): Point[] {
  const ranked = points.map((point, index) => ({ point, index })).sort((a, b) => a.point.y - b.point.y);
  const ends = new Set([ranked[0], ranked.at(-1)].filter((end) => end !== undefined));
  return [...ends].sort((a, b) => a.index - b.index).map((end) => end.point);
}
