const FIRST_MICROS = 100;
const GROWTH = 1.15;
const CLASSES = 96;

/** Bounds of the latency classes in microseconds, from 0.1 ms to a minute, each 15 % above the last. Never changed: counts are stored by class. */
export const LATENCY_BOUNDS: readonly number[] = Array.from({ length: CLASSES }, (_, at) =>
  Math.round(FIRST_MICROS * GROWTH ** at),
);

/** The class of a latency: how many bounds it has reached. The database says the same with `width_bucket`. */
export function latencyClassOf(micros: number): number {
  const above = LATENCY_BOUNDS.findIndex((bound) => micros < bound);
  return above === -1 ? LATENCY_BOUNDS.length : above;
}

export type LatencyCount = { readonly latencyClass: number; readonly rows: number };

/** The latency in milliseconds that a share of the rows stays under, read between the bounds of its class; null without rows. */
export function percentileMs(counts: readonly LatencyCount[], share: number): number | null {
  const total = counts.reduce((sum, { rows }) => sum + rows, 0);
  if (total === 0) return null;
  let left = total * share;
  for (const { latencyClass, rows } of counts.toSorted((a, b) => a.latencyClass - b.latencyClass)) {
    if (left <= rows) {
      const from = LATENCY_BOUNDS[latencyClass - 1] ?? 0;
      const to = LATENCY_BOUNDS[latencyClass] ?? from;
      return (from + (to - from) * (left / rows)) / 1_000;
    }
    left -= rows;
  }
  return null;
}
