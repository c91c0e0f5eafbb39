import { and, eq, inArray, type SQL, sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { loggedModels, runParams } from "@/db/schema/experiments";
import { AppError } from "@/domain/errors";
import { checkedBatch, type ParamConflict, paramConflictMessage } from "@/domain/experiments/batch";
import { uuidOf } from "@/domain/experiments/identifiers";
import type { Batch } from "@/domain/experiments/types";
import { toWire } from "@/domain/experiments/wire-double";
import type { Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { RUN_NAME_TAG } from "./create-run";
import { logModelMetrics } from "./log-model-metrics";
import { isWritableSql, writableRun } from "./run-access";
import { tellRunActivity } from "./run-activity";

type Outcome = {
  readonly found: number;
  readonly conflicts: readonly ParamConflict[] | null;
  readonly raced: readonly string[] | null;
};

/**
 * Adds metrics, parameters and tags to a run in one statement. A repeated point is ignored, the latest of
 * a metric is the greatest (step, timestamp, value), a tag is replaced, a parameter is written once.
 */
export async function logBatch(
  ctx: ServiceContext,
  scope: Scope<"experiments.write">,
  runId: string,
  batch: Batch,
): Promise<void> {
  const checked = checkedBatch(batch);
  await assertModelsKnown(ctx, scope, checked);
  const id = uuidOf(runId);
  if (id === null) throw new AppError("not_found", "run", `Run with id=${runId} not found`);
  // Only a parameter can be refused after something was written (a race), so only then is a transaction needed.
  if (checked.params.length === 0) await writeBatch(ctx.db, scope, { id, runId, batch: checked });
  else await ctx.db.transaction((tx) => writeBatch(tx, scope, { id, runId, batch: checked }));
  if (checked.metrics.some((metric) => metric.modelId)) await logModelMetrics(ctx.db, scope.projectId, checked.metrics);
  await tellRunActivity(ctx, scope.projectId, id);
}

type Target = { readonly id: string; readonly runId: string; readonly batch: Batch };

async function writeBatch(db: Executor, scope: Scope<"experiments.write">, target: Target): Promise<void> {
  const [outcome] = await db.execute<Outcome>(batchStatement(scope, target));
  if (!outcome || outcome.found === 0) {
    await writableRun(db, scope, target.runId);
    throw new AppError("conflict", "run_changed", "The run changed while it was written to. Try again.");
  }
  if (outcome.conflicts)
    throw new AppError("invalid_input", "param_changed", paramConflictMessage(outcome.conflicts, target.runId));
  if (outcome.raced) await assertSameValues(db, target, outcome.raced);
}

/** Parameters that somebody else logged at the same moment: the same value is fine. */
async function assertSameValues(db: Executor, { id, runId, batch }: Target, keys: readonly string[]): Promise<void> {
  const rows = await db
    .select()
    .from(runParams)
    .where(and(eq(runParams.runId, id), inArray(runParams.key, [...keys])));
  const logged = new Map(rows.map((row) => [row.key, row.value]));
  const conflicts = batch.params.flatMap(({ key, value }) => {
    const old = logged.get(key);
    return old === undefined || old === value ? [] : [{ key, old, new: value }];
  });
  if (conflicts.length > 0)
    throw new AppError("invalid_input", "param_changed", paramConflictMessage(conflicts, runId));
}

/** Sorted everywhere, so that two batches take their row locks in one order. */
function batchStatement(scope: Scope<"experiments.write">, { id, batch }: Target): SQL {
  const points = batch.metrics.map((metric) => ({
    k: metric.key,
    t: metric.timestamp,
    s: metric.step,
    v: String(toWire(metric.value)),
    m: metric.modelId ?? null,
  }));
  const params = JSON.stringify(batch.params);
  const tags = JSON.stringify(batch.tags);
  return sql`
    with target as (
      select r.id from experiment_runs r join experiments e on e.id = r.experiment_id
      where r.id = ${id}::uuid and r.project_id = ${scope.projectId}::uuid
        and r.lifecycle = 'active' and e.lifecycle = 'active' and ${isWritableSql(scope.actor)}
    ),
    p as (select key, value from jsonb_to_recordset(${params}::text::jsonb) as x(key text, value text)),
    known as (select l.key, l.value as old, p.value as new from p join run_params l on l.run_id = (select id from target) and l.key = p.key),
    conflicts as (select key, old, new from known where old <> new),
    go as (select id from target where not exists (select 1 from conflicts)),
    added as (
      insert into run_params (run_id, key, value)
      select go.id, p.key, p.value from go cross join p order by p.key
      on conflict do nothing returning key
    ),
    m as (select k, t, s, v::float8 as v, m from jsonb_to_recordset(${JSON.stringify(points)}::text::jsonb) as x(k text, t bigint, s bigint, v text, m text)),
    points as (
      insert into metrics (run_id, key, timestamp_ms, step, value, model_id)
      select go.id, k, t, s, v, m from go cross join m order by k, t, s, v
      on conflict do nothing
    ),
    latest as (
      insert into latest_metrics (run_id, key, timestamp_ms, step, value)
      select distinct on (k) go.id, k, t, s, v from go cross join m order by k, s desc, t desc, v desc
      on conflict (run_id, key) do update set timestamp_ms = excluded.timestamp_ms, step = excluded.step, value = excluded.value
      where (excluded.step, excluded.timestamp_ms, excluded.value) > (latest_metrics.step, latest_metrics.timestamp_ms, latest_metrics.value)
    ),
    tags as (
      select distinct on (x.tag ->> 'key') x.tag ->> 'key' as key, x.tag ->> 'value' as value
      from jsonb_array_elements(${tags}::text::jsonb) with ordinality as x(tag, position) order by x.tag ->> 'key', position desc
    ),
    tagged as (
      insert into run_tags (run_id, key, value)
      select go.id, tags.key, tags.value from go cross join tags order by tags.key
      on conflict (run_id, key) do update set value = excluded.value
    ),
    renamed as (
      update experiment_runs r set name = tags.value from go, tags
      where r.id = go.id and tags.key = ${RUN_NAME_TAG} and tags.value <> ''
    )
    select
      (select count(*)::int from target) as found,
      (select json_agg(conflicts) from conflicts) as conflicts,
      (select json_agg(p.key) from p, go where p.key not in (select key from added) and p.key not in (select key from known)) as raced`;
}

async function assertModelsKnown(ctx: ServiceContext, scope: Scope, batch: Batch): Promise<void> {
  const ids = [...new Set(batch.metrics.flatMap((metric) => (metric.modelId ? [metric.modelId] : [])))];
  if (ids.length === 0) return;
  const known = await ctx.db.$count(
    loggedModels,
    and(inArray(loggedModels.id, ids), eq(loggedModels.projectId, scope.projectId)),
  );
  if (known !== ids.length)
    throw new AppError("not_found", "logged_model", `Logged model with ID '${ids[0]}' not found.`);
}
