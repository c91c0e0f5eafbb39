import { sql } from "drizzle-orm";
import { AppError } from "@/domain/errors";
import { runIdOf, uuidOf } from "@/domain/experiments/identifiers";
import { pageTokenOf, positionOf } from "@/domain/experiments/page-token";
import type { WireDouble } from "@/domain/experiments/types";
import { doubleOf } from "@/domain/experiments/wire-double";
import type { Scope } from "../../authz/authorize";
import type { ServiceContext } from "../../context";
import type { Routes } from "../../http/routes";
import { metricHistory } from "../queries";
import { runById } from "../run-access";
import { type Decoded, int64, repeated, required, text } from "./decoder";
import { endpoint } from "./endpoint";
import { runIdFrom, runName } from "./run-fields";

const MAX_POINTS = 25_000;
const historyFields = { ...runName, metric_key: required(text), max_results: int64, page_token: text };
const bulkFields = { run_id: repeated(text), metric_key: required(text), max_results: int64 };
const intervalFields = {
  run_ids: repeated(text),
  metric_key: required(text),
  start_step: int64,
  end_step: int64,
  max_results: int64,
};

export function metricRoutes(routes: Routes): void {
  const get = { method: "GET", permission: "experiments.read" } as const;
  endpoint(routes, {
    ...get,
    path: "/mlflow/metrics/get-history",
    request: historyFields,
    handle: ({ ctx, scope }, request) => history(ctx, scope, request),
  });
  endpoint(routes, {
    ...get,
    path: "/mlflow/metrics/get-history-bulk",
    request: bulkFields,
    handle: ({ ctx, scope }, request) => bulk(ctx, scope, request),
  });
  endpoint(routes, {
    ...get,
    path: "/mlflow/metrics/get-history-bulk-interval",
    request: intervalFields,
    handle: ({ ctx, scope }, request) => interval(ctx, scope, request),
  });
}

function limitOf(asked: number | undefined, most: number): number {
  const limit = asked ?? most;
  if (limit < 1)
    throw new AppError(
      "invalid_input",
      "max_results",
      `Invalid value ${limit} for parameter 'max_results' supplied. It must be a positive integer.`,
    );
  return Math.min(limit, most);
}

/** One metric of one run, by pages; an unknown run or key has no points. */
async function history(
  ctx: ServiceContext,
  scope: Scope<"experiments.read">,
  request: Decoded<typeof historyFields>,
): Promise<object> {
  const runId = runIdFrom(request);
  const run = await runById(ctx.db, scope.projectId, runId).catch((error: unknown) => {
    if (error instanceof AppError && error.code === "not_found") return null;
    throw error;
  });
  if (!run) return {};
  const limit = limitOf(request.max_results, MAX_POINTS);
  const points = await metricHistory(
    ctx.db,
    { runId: run.id, key: request.metric_key },
    { limit, after: request.page_token ? pointAfter(request.page_token) : undefined },
  );
  const shown = points.slice(0, limit);
  const last = shown.at(-1);
  return {
    ...(shown.length > 0 && { metrics: shown.map((point) => ({ key: request.metric_key, ...point })) }),
    ...(points.length > limit && last && { next_page_token: pageTokenOf(last) }),
  };
}

function pointAfter(token: string): { readonly timestamp: number; readonly step: number; readonly value: WireDouble } {
  const { timestamp, step, value } = positionOf(token);
  if (!Number.isSafeInteger(timestamp) || !Number.isSafeInteger(step) || doubleOf(value) === null) {
    throw new AppError("invalid_input", "page_token", "Invalid page token: it names no point.");
  }
  return { timestamp: timestamp as number, step: step as number, value: value as WireDouble };
}

type BulkRow = {
  readonly run_id: string;
  readonly timestamp: string;
  readonly step: string;
  readonly value: WireDouble;
};

function bulkObject(key: string): (row: BulkRow) => object {
  return (row) => ({
    key,
    value: row.value,
    timestamp: Number(row.timestamp),
    step: Number(row.step),
    run_id: runIdOf(row.run_id),
  });
}

function uuidsOf(runIds: readonly string[]): string {
  if (runIds.length < 1 || runIds.length > 100)
    throw new AppError(
      "invalid_input",
      "run_ids",
      `GetMetricHistoryBulk request must specify between 1 and 100 run_ids. Got ${runIds.length}.`,
    );
  return `{${runIds.flatMap((id) => uuidOf(id) ?? []).join(",")}}`;
}

const VALUE = sql`(to_json(m.value) #>> '{}')`;

async function bulk(
  ctx: ServiceContext,
  scope: Scope<"experiments.read">,
  request: Decoded<typeof bulkFields>,
): Promise<object> {
  const rows = await ctx.db.execute<BulkRow>(sql`
    select m.run_id, m.timestamp_ms as timestamp, m.step, ${VALUE} as value
    from metrics m join experiment_runs r on r.id = m.run_id
    where r.project_id = ${scope.projectId}::uuid and m.run_id = any(${uuidsOf(request.run_id)}::text::uuid[]) and m.key = ${request.metric_key}
    order by m.run_id, m.timestamp_ms, m.step, m.value limit ${limitOf(request.max_results, MAX_POINTS)}`);
  return { metrics: rows.map(withNumbers).map(bulkObject(request.metric_key)) };
}

/** Points at a sample of steps that all runs share, with each run's first and last step always among them. */
async function interval(
  ctx: ServiceContext,
  scope: Scope<"experiments.read">,
  request: Decoded<typeof intervalFields>,
): Promise<object> {
  const { start_step: from, end_step: to } = request;
  if ((from === undefined) !== (to === undefined))
    throw new AppError(
      "invalid_input",
      "interval",
      "If either start step or end step are specified, both must be specified.",
    );
  const limit = limitOf(request.max_results, 2_500);
  const ids = uuidsOf(request.run_ids);
  const inRange = from === undefined || to === undefined ? sql`true` : sql`m.step between ${from} and ${to}`;
  const rows = await ctx.db.execute<BulkRow>(sql`
    with points as (
      select m.* from metrics m join experiment_runs r on r.id = m.run_id
      where r.project_id = ${scope.projectId}::uuid and m.run_id = any(${ids}::text::uuid[]) and m.key = ${request.metric_key} and ${inRange}
    ),
    steps as (select step, row_number() over (order by step) - 1 as at, count(*) over () as n from (select distinct step from points) d),
    kept as (
      select step from steps where n <= ${limit} or at = n - 1 or at % greatest(1, ceil(n::float8 / ${limit})::bigint) = 0
      union select min(step) from points group by run_id union select max(step) from points group by run_id
    )
    select m.run_id, m.timestamp_ms as timestamp, m.step, ${VALUE} as value from points m join kept using (step)
    order by m.run_id, m.step, m.timestamp_ms, m.value`);
  return { metrics: rows.map(withNumbers).map(bulkObject(request.metric_key)) };
}

/** Postgres writes a double as text here, NaN and infinities by name. */
function withNumbers(row: BulkRow): BulkRow {
  const number = Number(row.value);
  return Number.isFinite(number) ? { ...row, value: number } : row;
}
