import { createLoader, parseAsArrayOf, parseAsBoolean, parseAsString, parseAsStringLiteral } from "nuqs/server";
import { EXPERIMENT_RUN_STATUSES } from "@/domain/experiments/status";

/** What the runs table keeps in the address. `columns` null: the usual ones. */
export const runsFilters = {
  q: parseAsString.withDefault(""),
  state: parseAsArrayOf(parseAsStringLiteral(EXPERIMENT_RUN_STATUSES)).withDefault([]),
  person: parseAsArrayOf(parseAsString).withDefault([]),
  where: parseAsArrayOf(parseAsString, "¦").withDefault([]),
  sort: parseAsString.withDefault("started"),
  order: parseAsStringLiteral(["asc", "desc"]).withDefault("desc"),
  deleted: parseAsBoolean.withDefault(false),
  columns: parseAsArrayOf(parseAsString, "¦"),
};
export const loadRunsFilters = createLoader(runsFilters);

export type RunsFilters = {
  readonly q: string;
  readonly state: readonly (typeof EXPERIMENT_RUN_STATUSES)[number][];
  readonly person: readonly string[];
  readonly where: readonly string[];
  readonly sort: string;
  readonly order: "asc" | "desc";
  readonly deleted: boolean;
  readonly columns: readonly string[] | null;
};

const USUAL_PARAMS = 3;
const USUAL_METRICS = 3;
const DRAWN = 2;

export type Keys = { readonly params: readonly string[]; readonly metrics: readonly string[] };

/** Ids of the columns that can be shown beside the run's own: `params.C`, `metrics.accuracy`. */
export function allColumns({ params, metrics }: Keys): readonly string[] {
  return [...params.map((key) => `params.${key}`), ...metrics.map((key) => `metrics.${key}`)];
}

/** The shown ones of them: those in the address, else the first few of each kind. */
export function shownColumns(keys: Keys, chosen: readonly string[] | null): readonly string[] {
  if (chosen) return allColumns(keys).filter((id) => chosen.includes(id));
  return allColumns({ params: keys.params.slice(0, USUAL_PARAMS), metrics: keys.metrics.slice(0, USUAL_METRICS) });
}

export function keysOf(columns: readonly string[], kind: "params" | "metrics"): string[] {
  return columns.filter((id) => id.startsWith(`${kind}.`)).map((id) => id.slice(kind.length + 1));
}

/** The question that page and table ask alike. */
export function runsQuery(
  at: { readonly projectId: string; readonly experimentId: string },
  filters: RunsFilters,
  keys: Keys,
) {
  const columns = shownColumns(keys, filters.columns);
  const metrics = keysOf(columns, "metrics");
  return {
    ...at,
    states: [...filters.state],
    people: [...filters.person],
    name: filters.q,
    where: [...filters.where],
    sort: filters.sort,
    isAscending: filters.order === "asc",
    isDeletedShown: filters.deleted,
    params: keysOf(columns, "params"),
    metrics,
    sparklines: metrics.slice(0, DRAWN),
  };
}
