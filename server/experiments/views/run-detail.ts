import { and, asc, eq, inArray, sql } from "drizzle-orm";
import { latestMetrics, runInputs, runParams, runTags } from "@/db/schema/experiments";
import { users } from "@/db/schema/identity";
import { pipelineRuns, pipelines } from "@/db/schema/pipelines";
import { modelVersions, registeredModels } from "@/db/schema/registry";
import { compared } from "@/domain/experiments/comparison";
import type { HistoryInput } from "@/domain/experiments/contracts";
import { deleteRefusal, isOwnRun } from "@/domain/experiments/policy";
import type { MetricPoint, WireDouble } from "@/domain/experiments/types";
import { toWire } from "@/domain/experiments/wire-double";
import { userIdOf } from "../../authz/actor";
import type { Scope } from "../../authz/authorize";
import type { ServiceContext } from "../../context";
import { filesOf } from "../artifact-roots";
import { liveModelsOf } from "../live-models";
import { loggedModelsOf } from "../logged-models";
import { originOf, runById } from "../run-access";

/** Everything about one run except for the courses of its metrics and the contents of its files. */
export async function runDetail(ctx: ServiceContext, scope: Scope<"experiments.read">, runId: string) {
  const run = await runById(ctx.db, scope.projectId, runId);
  const [params, tags, metrics, inputs, models, files, registered, people, pipeline, liveModels] = await Promise.all([
    ctx.db
      .select({ key: runParams.key, value: runParams.value })
      .from(runParams)
      .where(eq(runParams.runId, run.id))
      .orderBy(asc(runParams.key)),
    ctx.db
      .select({ key: runTags.key, value: runTags.value })
      .from(runTags)
      .where(eq(runTags.runId, run.id))
      .orderBy(asc(runTags.key)),
    ctx.db.select().from(latestMetrics).where(eq(latestMetrics.runId, run.id)).orderBy(asc(latestMetrics.key)),
    ctx.db
      .select({
        name: runInputs.name,
        digest: runInputs.digest,
        context: runInputs.context,
        sourceType: runInputs.sourceType,
      })
      .from(runInputs)
      .where(eq(runInputs.runId, run.id)),
    loggedModelsOf(ctx.db, scope.projectId, { runId: run.id }),
    filesOf(ctx.db, scope.projectId, run.id),
    registeredFrom(ctx, [run.id]),
    ctx.db
      .select({ id: users.id, name: users.name })
      .from(users)
      .where(
        inArray(
          users.id,
          [run.createdBy, run.startedBy].flatMap((id) => id ?? []),
        ),
      ),
    run.pipelineRunId ? pipelineOf(ctx, run.pipelineRunId) : null,
    liveModelsOf(ctx.db, [run.id]),
  ]);
  const isOwn = isOwnRun(originOf(run), userIdOf(scope.actor));
  return {
    id: run.id,
    name: run.name,
    status: run.status,
    lifecycle: run.lifecycle,
    startMs: run.startMs,
    endMs: run.endMs,
    experiment: { id: run.experiment.id, name: run.experiment.name },
    person: people.find((person) => person.id === (run.createdBy ?? run.startedBy))?.name ?? null,
    pipeline,
    isOwn,
    /** Why the run stays, by the rule that refuses the deletion; the role comes on top. */
    deleteRefusal: deleteRefusal({ isOwn: true, reach: "any", liveModels }),
    params,
    tags,
    metrics: metrics.map((metric) => ({
      key: metric.key,
      value: toWire(Number(metric.value)),
      step: metric.step,
      timestamp: metric.timestampMs,
    })),
    inputs,
    models: await Promise.all(
      models.map(async (model) => ({
        id: model.id,
        name: model.name,
        status: model.status,
        files: shown(await filesOf(ctx.db, scope.projectId, model.id)),
      })),
    ),
    files: shown(files),
    versions: registered,
  };
}

const shown = (files: Awaited<ReturnType<typeof filesOf>>) =>
  files.map(({ path, bytes, mediaType, sha256 }) => ({ path, bytes, mediaType, sha256 }));

async function registeredFrom(ctx: ServiceContext, runIds: readonly string[]) {
  return ctx.db
    .select({
      model: registeredModels.name,
      version: modelVersions.version,
      loggedModelId: modelVersions.loggedModelId,
    })
    .from(modelVersions)
    .innerJoin(registeredModels, eq(registeredModels.id, modelVersions.modelId))
    .where(and(inArray(modelVersions.experimentRunId, [...runIds]), sql`${modelVersions.deletedAt} is null`))
    .orderBy(registeredModels.name, modelVersions.version);
}

async function pipelineOf(ctx: ServiceContext, pipelineRunId: string) {
  const [row] = await ctx.db
    .select({ number: pipelineRuns.number, name: pipelines.name })
    .from(pipelineRuns)
    .innerJoin(pipelines, eq(pipelines.id, pipelineRuns.pipelineId))
    .where(eq(pipelineRuns.id, pipelineRunId));
  return row ?? null;
}

const MAX_POINTS = 500;

/** The courses of metrics of some runs, each thinned to about 500 points with its first and last. */
export async function metricCourses(ctx: ServiceContext, scope: Scope<"experiments.read">, input: HistoryInput) {
  const rows = await ctx.db.execute<{
    run_id: string;
    key: string;
    points: readonly [number, number, WireDouble][];
  }>(sql`
    with points as (
      select m.run_id, m.key, m.timestamp_ms, m.step, m.value,
        row_number() over w - 1 as at, count(*) over (partition by m.run_id, m.key) as n
      from metrics m join experiment_runs r on r.id = m.run_id
      where r.project_id = ${scope.projectId}::uuid and m.run_id in ${input.runIds} and m.key in ${input.keys}
      window w as (partition by m.run_id, m.key order by m.step, m.timestamp_ms, m.value)
    )
    select run_id, key, json_agg(json_build_array(step, timestamp_ms, value) order by at) as points
    from points where n <= ${MAX_POINTS} or at = n - 1 or at % ceil(n::float8 / ${MAX_POINTS})::bigint = 0
    group by run_id, key order by key, run_id`);
  return rows.map((row) => ({
    runId: row.run_id,
    key: row.key,
    points: row.points.map(([step, timestamp, value]): MetricPoint => ({ step, timestamp, value })),
  }));
}

/** Runs side by side, in the order of the ids: what differs comes first. */
export async function compareRuns(ctx: ServiceContext, scope: Scope<"experiments.read">, runIds: readonly string[]) {
  const runs = await Promise.all(runIds.map((id) => runDetail(ctx, scope, id)));
  const mapOf = <T>(pairs: readonly { readonly key: string; readonly value: T }[]) =>
    Object.fromEntries(pairs.map(({ key, value }) => [key, value]));
  return {
    runs: runs.map(({ id, name, status, startMs, endMs, person, experiment, versions }) => ({
      id,
      name,
      status,
      startMs,
      endMs,
      person,
      experiment,
      versions,
    })),
    params: compared(runs.map((run) => mapOf(run.params))),
    metrics: compared(runs.map((run) => mapOf(run.metrics))),
    datasets: compared(runs.map((run) => mapOf(run.inputs.map((input) => ({ key: input.name, value: input.digest }))))),
  };
}
