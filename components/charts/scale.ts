export type Domain = readonly [number, number];

/** About `count` round numbers that cover the domain: steps of 1, 2 or 5 times a power of ten. */
export function ticksOf([low, high]: Domain, count: number): number[] {
  const span = high - low;
  if (span <= 0 || !Number.isFinite(span)) return [low];
  const raw = span / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= raw) ?? 10) * power;
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
export function thinOut<Point extends { readonly y: number }>(points: readonly Point[], limit: number): readonly Point[] {
  if (points.length <= limit) return points;
  const size = Math.ceil(points.length / (limit / 2));
  const kept: Point[] = [];
  for (let from = 0; from < points.length; from += size) {
    const bucket = points.slice(from, from + size);
    let least = 0;
    let most = 0;
    for (const [index, point] of bucket.entries()) {
      if (point.y < (bucket[least]?.y ?? point.y)) least = index;
      if (point.y > (bucket[most]?.y ?? point.y)) most = index;
    }
    for (const index of least === most ? [least] : [Math.min(least, most), Math.max(least, most)]) {
      const point = bucket[index];
      if (point) kept.push(point);
    }
  }
  return kept;
}
