import type { WireDouble } from "./types";

export type Compared<T> = {
  readonly key: string;
  /** One for each run, in their order; null where the run has not the key. */
  readonly values: readonly (T | null)[];
  readonly isDifferent: boolean;
};

/** The keys of several runs side by side: what differs comes first, each part by name. */
export function compared<T extends string | WireDouble>(
  runs: readonly Readonly<Record<string, T>>[],
): readonly Compared<T>[] {
  const keys = [...new Set(runs.flatMap((run) => Object.keys(run)))].sort();
  const rows = keys.map((key) => {
    const values = runs.map((run) => (Object.hasOwn(run, key) ? (run[key] ?? null) : null));
    return { key, values, isDifferent: values.some((value) => value !== values[0]) };
  });
  return [...rows.filter((row) => row.isDifferent), ...rows.filter((row) => !row.isDifferent)];
}
