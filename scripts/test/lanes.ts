/** Runs the jobs in order, at most `width` at a time, and returns their results in the same order. */
export async function runInLanes<T>(jobs: readonly (() => Promise<T>)[], width: number): Promise<T[]> {
  const results = new Map<number, T>();
  const waiting = jobs.entries();
  const lane = async () => {
    for (const [index, job] of waiting) results.set(index, await job());
  };
  await Promise.all(Array.from({ length: Math.min(width, jobs.length) }, lane));
  return [...results.entries()].sort(([a], [b]) => a - b).map(([, result]) => result);
}
