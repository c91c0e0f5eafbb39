import { and, desc, eq, inArray, lt, type SQL, sql } from "drizzle-orm";
import { users } from "@/db/schema/identity";
import { pipelineRunSteps, pipelineRuns, pipelines, pipelineVersions, sourceBundles } from "@/db/schema/pipelines";
import { AppError } from "@/domain/errors";
import type { ListRuns } from "@/domain/pipelines/contracts";
import type { RunState } from "@/domain/pipelines/status";
import type { Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";

type Readable = Scope<"pipelines.read">;
const RECENT_RUNS = 12;

/** Pipelines with their newest version and last runs, by name. */
export async function listPipelines(ctx: ServiceContext, scope: Readable) {
  const newest = ctx.db
    .selectDistinctOn([pipelineVersions.pipelineId], {
      pipelineId: pipelineVersions.pipelineId,
      version: pipelineVersions.version,
      kind: pipelineVersions.kind,
      steps: sql<number>`jsonb_array_length(${pipelineVersions.plan} -> 'steps')`.as("steps"),
      pushedAt: sql<Date>`${pipelineVersions.createdAt}`.mapWith(pipelineVersions.createdAt).as("pushed_at"),
      commit: sourceBundles.commit,
      isDirty: sourceBundles.isDirty,
    })
    .from(pipelineVersions)
    .innerJoin(sourceBundles, eq(sourceBundles.id, pipelineVersions.bundleId))
    .where(eq(pipelineVersions.projectId, scope.projectId))
    .orderBy(pipelineVersions.pipelineId, desc(pipelineVersions.version))
    .as("newest");
  const rows = await ctx.db
    .select({
      id: pipelines.id,
      name: pipelines.name,
      version: newest.version,
      kind: newest.kind,
      steps: newest.steps,
      pushedAt: newest.pushedAt,
      commit: newest.commit,
      isDirty: newest.isDirty,
    })
    .from(pipelines)
    .innerJoin(newest, eq(newest.pipelineId, pipelines.id))
    .where(eq(pipelines.projectId, scope.projectId))
    .orderBy(pipelines.name);
  const recent = await recentRuns(ctx, scope.projectId);
  return rows.map((row) => ({ ...row, recentRuns: recent.get(row.id) ?? [] }));
}

type RecentRun = {
  readonly number: number;
  readonly state: RunState;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
};

async function recentRuns(ctx: ServiceContext, projectId: string): Promise<ReadonlyMap<string, readonly RecentRun[]>> {
  const ranked = ctx.db
    .select({
      pipelineId: pipelineRuns.pipelineId,
      number: pipelineRuns.number,
      state: pipelineRuns.state,
      createdAt: pipelineRuns.createdAt,
      startedAt: pipelineRuns.startedAt,
      finishedAt: pipelineRuns.finishedAt,
      rank: sql<number>`row_number() over (partition by ${pipelineRuns.pipelineId} order by ${pipelineRuns.number} desc)`.as(
        "rank",
      ),
    })
    .from(pipelineRuns)
    .where(eq(pipelineRuns.projectId, projectId))
    .as("ranked");
  const rows = await ctx.db
    .select()
    .from(ranked)
    .where(sql`${ranked.rank} <= ${RECENT_RUNS}`)
    .orderBy(desc(ranked.number));
  const byPipeline = new Map<string, RecentRun[]>();
  for (const { pipelineId, rank: _, ...run } of rows)
    byPipeline.set(pipelineId, [...(byPipeline.get(pipelineId) ?? []), run]);
  return byPipeline;
}

/** One pipeline by its name: its versions, newest first, and the newest one's definition, parameters and files. */
export async function getPipeline(ctx: ServiceContext, scope: Readable, name: string) {
  const [pipeline] = await ctx.db
    .select({ id: pipelines.id, name: pipelines.name })
    .from(pipelines)
    .where(and(eq(pipelines.projectId, scope.projectId), eq(pipelines.name, name)));
  if (!pipeline) throw new AppError("not_found", "pipeline", "There is no such pipeline.");
  const versions = await ctx.db
    .select({
      version: pipelineVersions.version,
      kind: pipelineVersions.kind,
      createdAt: pipelineVersions.createdAt,
      planDigest: pipelineVersions.planDigest,
      pushedBy: users.name,
      commit: sourceBundles.commit,
      isDirty: sourceBundles.isDirty,
      bundleDigest: sourceBundles.digest,
      bundleBytes: sourceBundles.bytes,
    })
    .from(pipelineVersions)
    .innerJoin(sourceBundles, eq(sourceBundles.id, pipelineVersions.bundleId))
    .innerJoin(users, eq(users.id, pipelineVersions.createdBy))
    .where(eq(pipelineVersions.pipelineId, pipeline.id))
    .orderBy(desc(pipelineVersions.version))
    .limit(100);
  const [newest] = versions;
  if (!newest) throw new AppError("not_found", "pipeline", "There is no such pipeline.");
  return {
    ...pipeline,
    versions,
    current: await getVersion(ctx, scope, { pipelineId: pipeline.id, version: newest.version }),
  };
}

/** What a version holds: the definition as pushed, its plan and the files of its bundle. */
export async function getVersion(
  ctx: ServiceContext,
  scope: Readable,
  wanted: { readonly pipelineId: string; readonly version: number },
) {
  const [row] = await ctx.db
    .select({
      version: pipelineVersions.version,
      kind: pipelineVersions.kind,
      definition: pipelineVersions.definition,
      plan: pipelineVersions.plan,
      files: sourceBundles.files,
    })
    .from(pipelineVersions)
    .innerJoin(sourceBundles, eq(sourceBundles.id, pipelineVersions.bundleId))
    .where(
      and(
        eq(pipelineVersions.projectId, scope.projectId),
        eq(pipelineVersions.pipelineId, wanted.pipelineId),
        eq(pipelineVersions.version, wanted.version),
      ),
    );
  if (!row) throw new AppError("not_found", "pipeline_version", "There is no such version.");
  return row;
}

/** Runs, newest first, a page at a time. */
export async function listRuns(ctx: ServiceContext, scope: Readable, filter: ListRuns) {
  const conditions: (SQL | undefined)[] = [
    eq(pipelineRuns.projectId, scope.projectId),
    filter.pipelineId === undefined ? undefined : eq(pipelineRuns.pipelineId, filter.pipelineId),
    filter.cursor ? lt(pipelineRuns.number, filter.cursor) : undefined,
    filter.state && filter.state.length > 0 ? inArray(pipelineRuns.state, filter.state) : undefined,
  ];
  const rows = await ctx.db
    .select({
      id: pipelineRuns.id,
      number: pipelineRuns.number,
      state: pipelineRuns.state,
      reason: pipelineRuns.reason,
      pipeline: pipelines.name,
      version: pipelineVersions.version,
      parameters: pipelineRuns.parameters,
      startedBy: users.name,
      trigger: pipelineRuns.trigger,
      createdAt: pipelineRuns.createdAt,
      startedAt: pipelineRuns.startedAt,
      finishedAt: pipelineRuns.finishedAt,
      stepsDone: sql<number>`(select count(*)::int from ${pipelineRunSteps} where ${pipelineRunSteps.runId} = ${pipelineRuns.id} and ${pipelineRunSteps.state} = 'succeeded')`,
      steps: sql<number>`(select count(*)::int from ${pipelineRunSteps} where ${pipelineRunSteps.runId} = ${pipelineRuns.id})`,
    })
    .from(pipelineRuns)
    .innerJoin(pipelines, eq(pipelines.id, pipelineRuns.pipelineId))
    .innerJoin(pipelineVersions, eq(pipelineVersions.id, pipelineRuns.pipelineVersionId))
    .leftJoin(users, eq(users.id, pipelineRuns.startedBy))
    .where(and(...conditions))
    .orderBy(desc(pipelineRuns.number))
    .limit(filter.limit + 1);
  return { runs: rows.slice(0, filter.limit), hasMore: rows.length > filter.limit };
}

/** The id of a pipeline by its name, for callers that know only that. */
export async function pipelineIdByName(ctx: ServiceContext, projectId: string, name: string): Promise<string> {
  const [row] = await ctx.db
    .select({ id: pipelines.id })
    .from(pipelines)
    .where(and(eq(pipelines.projectId, projectId), eq(pipelines.name, name)));
  if (!row) throw new AppError("not_found", "pipeline", `There is no pipeline ${name}.`);
  return row.id;
}

export async function runIdByNumber(ctx: ServiceContext, projectId: string, number: number): Promise<string> {
  const [row] = await ctx.db
    .select({ id: pipelineRuns.id })
    .from(pipelineRuns)
    .where(and(eq(pipelineRuns.projectId, projectId), eq(pipelineRuns.number, number)));
  if (!row) throw new AppError("not_found", "run", `There is no run #${number}.`);
  return row.id;
}

/** The experiment run of a step's last attempt in a run; null where it has none. */
export async function experimentRunOfStep(
  ctx: Pick<ServiceContext, "db">,
  runId: string,
  stepKey: string,
): Promise<string | null> {
  const [row] = await ctx.db
    .select({ id: pipelineRunSteps.experimentRunId })
    .from(pipelineRunSteps)
    .where(and(eq(pipelineRunSteps.runId, runId), eq(pipelineRunSteps.key, stepKey)));
  return row?.id ?? null;
}
