import { sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import type { RunsTableInput } from "@/domain/experiments/contracts";
import type { WireDouble } from "@/domain/experiments/types";

const POINTS = 24;

type Cells = {
  readonly params: Readonly<Record<string, string>>;
  readonly metrics: Readonly<Record<string, WireDouble>>;
  /** The course of a metric in at most 24 values; absent where it has one point only. */
  readonly sparklines: Readonly<Record<string, readonly number[]>>;
  /** "seattle-rain v2", for each version registered from the run. */
  readonly versions: readonly { readonly model: string; readonly version: number }[];
};

type Wanted = Pick<RunsTableInput, "params" | "metrics" | "sparklines">;

/** The chosen cells of the given runs; call the result with a run's id. */
export async function runCells(db: Executor, ids: readonly string[], wanted: Wanted): Promise<(id: string) => Cells> {
  const runs = sql`any(${`{${ids.join(",")}}`}::text::uuid[])`;
  const keysOf = (keys: readonly string[]) =>
    sql`(select jsonb_array_elements_text(${JSON.stringify(keys)}::text::jsonb))`;
  const none = Promise.resolve([]);
  const [params, metrics, courses, versions] = await Promise.all([
    wanted.params.length === 0
      ? none
      : db.execute<{ run_id: string; key: string; value: string }>(
          sql`select run_id, key, left(value, 200) as value from run_params where run_id = ${runs} and key in ${keysOf(wanted.params)}`,
        ),
    wanted.metrics.length === 0
      ? none
      : db.execute<{ run_id: string; key: string; value: WireDouble }>(
          sql`select run_id, key, to_json(value) as value from latest_metrics where run_id = ${runs} and key in ${keysOf(wanted.metrics)}`,
        ),
    wanted.sparklines.length === 0
      ? none
      : db.execute<{ run_id: string; key: string; course: readonly WireDouble[] }>(
          coursesSql(runs, keysOf(wanted.sparklines)),
        ),
    db.execute<{ run_id: string; model: string; version: number }>(sql`
      select v.experiment_run_id as run_id, m.name as model, v.version from model_versions v join registered_models m on m.id = v.model_id
      where v.experiment_run_id = ${runs} and v.deleted_at is null order by m.name, v.version`),
  ]);
  const of = <T extends { readonly run_id: string }>(rows: readonly T[], id: string) =>
    rows.filter((row) => row.run_id === id);
  return (id) => ({
    params: Object.fromEntries(of(params, id).map((row) => [row.key, row.value])),
    metrics: Object.fromEntries(of(metrics, id).map((row) => [row.key, row.value])),
    sparklines: Object.fromEntries(
      of(courses, id).map((row) => [row.key, row.course.filter((value) => typeof value === "number")]),
    ),
    versions: of(versions, id).map(({ model, version }) => ({ model, version })),
  });
}

/**
 * Values at evenly spaced times between the first and the last point, each found through the primary key,
 * so that a run with a million points costs no more than one with a hundred.
 */
function coursesSql(runs: ReturnType<typeof sql>, keys: ReturnType<typeof sql>) {
  const point = (order: ReturnType<typeof sql>) =>
    sql`select x.timestamp_ms from metrics x where x.run_id = l.run_id and x.key = l.key order by ${order} limit 1`;
  const through = sql`x.timestamp_ms, x.step, x.value`;
  return sql`
    with ends as (
      select l.run_id, l.key, (${point(sql`x.timestamp_ms`)}) as first, (${point(sql`x.timestamp_ms desc`)}) as last
      from latest_metrics l where l.run_id = ${runs} and l.key in ${keys}
    ),
    spread as (
      select l.run_id, l.key, s.at, s.value, s.timestamp_ms, s.step from ends l cross join lateral (
        select i as at, v.* from generate_series(0, ${POINTS - 1}) i cross join lateral (
          select x.timestamp_ms, x.step, x.value from metrics x
          where x.run_id = l.run_id and x.key = l.key and x.timestamp_ms >= l.first + (l.last - l.first) * i / ${POINTS - 1}
          order by ${through} limit 1) v
      ) s where l.last > l.first
    ),
    at_once as (
      select l.run_id, l.key, s.value, s.timestamp_ms, s.step from ends l cross join lateral (
        select x.timestamp_ms, x.step, x.value from metrics x where x.run_id = l.run_id and x.key = l.key and x.timestamp_ms = l.first order by ${through} limit 200) s
      where l.last = l.first
    ),
    points as (select distinct run_id, key, timestamp_ms, step, value from (select run_id, key, timestamp_ms, step, value from spread union all select run_id, key, timestamp_ms, step, value from at_once) a)
    select run_id, key, json_agg(value order by timestamp_ms, step) as course from points group by run_id, key having count(*) > 1`;
}
