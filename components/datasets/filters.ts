import { createLoader, parseAsArrayOf, parseAsInteger, parseAsString, parseAsStringLiteral } from "nuqs/server";

export const KINDS = ["training", "holdout"] as const;
export const CHECK_STATES = ["pass", "fail", "none"] as const;
export const DATASET_TABS = ["columns", "rows", "checks"] as const;

/** The list's filters. */
export const datasetFilters = {
  kind: parseAsArrayOf(parseAsStringLiteral(KINDS)).withDefault([]),
  checks: parseAsArrayOf(parseAsStringLiteral(CHECK_STATES)).withDefault([]),
};

/** What of a dataset is shown: which version (the newest without), which tab, from which row, which report. */
export const datasetView = {
  version: parseAsInteger,
  tab: parseAsStringLiteral(DATASET_TABS).withDefault("columns"),
  from: parseAsInteger.withDefault(0),
  report: parseAsString,
};

export const loadDatasetView = createLoader(datasetView);

/** The version that the address asks for, else the newest; null while there is none. */
export function shownVersion<T extends { readonly version: number }>(
  versions: readonly T[],
  wanted: number | null,
): T | null {
  return versions.find((version) => version.version === wanted) ?? versions[0] ?? null;
}

/** The page of rows that begins at `from`, kept inside the version. */
export function previewPage(from: number, rows: number): { readonly offset: number; readonly limit: number } {
  return { offset: Math.max(0, Math.min(from, rows - 1)), limit: 50 };
}
