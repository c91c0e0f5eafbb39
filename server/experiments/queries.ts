import { and, asc, eq, sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { experimentRuns, experiments, metrics } from "@/db/schema/experiments";
import { AppError } from "@/domain/errors";
import type { MetricPoint, WireDouble } from "@/domain/experiments/types";
import { toWire } from "@/domain/experiments/wire-double";
import type { Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { defaultExperiment, experimentByName } from "./experiment-lookup";

/** All experiments of the project, deleted ones included; the default exists from the first question on. */
export async function allExperiments(ctx: ServiceContext, projectId: string) {
  await defaultExperiment(ctx.db, projectId);
  return ctx.db.select().from(experiments).where(eq(experiments.projectId, projectId)).orderBy(asc(experiments.number));
}

export type ExperimentSummary = {
  readonly id: string;
  readonly name: string;
  readonly runs: number;
  readonly running: number;
  readonly lastStartedMs: number | null;
  readonly description: string | null;
};

/** The experiments that people see: active ones with how many runs they have; the default only when it has some. */
export async function listExperiments(
  ctx: ServiceContext,
  scope: Scope<"experiments.read">,
): Promise<readonly ExperimentSummary[]> {
  const rows = await ctx.db
    .select({
      id: experiments.id,
      name: experiments.name,
      isDefault: experiments.isDefault,
      tags: experiments.tags,
      runs: sql<number>`count(${experimentRuns.id})::int`,
      running: sql<number>`(count(*) filter (where ${experimentRuns.status} = 'RUNNING'))::int`,
      lastStartedMs: sql<string | null>`max(${experimentRuns.startMs})`,
    })
    .from(experiments)
    .leftJoin(
      experimentRuns,
      and(eq(experimentRuns.experimentId, experiments.id), eq(experimentRuns.lifecycle, "active")),
    )
    .where(and(eq(experiments.projectId, scope.projectId), eq(experiments.lifecycle, "active")))
    .groupBy(experiments.id)
    .orderBy(sql`max(${experimentRuns.startMs}) desc nulls last`, experiments.name);
  return rows
    .filter((row) => !row.isDefault || row.runs > 0)
    .map(({ isDefault: _, tags, lastStartedMs, ...row }) => ({
      ...row,
      lastStartedMs: lastStartedMs === null ? null : Number(lastStartedMs),
      description: tags["mlflow.note.content"] ?? null,
    }));
}

type HistoryPage = {
  readonly limit: number;
  readonly after?: { readonly timestamp: number; readonly step: number; readonly value: WireDouble } | undefined;
};

/** One metric's points in the order (timestamp, step, value), from after the given one; one more than `limit` where there are more. */
export async function metricHistory(
  db: Executor,
  at: { readonly runId: string; readonly key: string },
  page: HistoryPage,
): Promise<readonly MetricPoint[]> {
  const { after } = page;
  const isLater = after
    ? sql`(${metrics.timestampMs}, ${metrics.step}, ${metrics.value}) > (${after.timestamp}::bigint, ${after.step}::bigint, ${String(after.value)}::float8)`
    : undefined;
  const rows = await db
    .select({ timestamp: metrics.timestampMs, step: metrics.step, value: metrics.value })
    .from(metrics)
    .where(and(eq(metrics.runId, at.runId), eq(metrics.key, at.key), isLater))
    .orderBy(asc(metrics.timestampMs), asc(metrics.step), asc(metrics.value))
    .limit(page.limit + 1);
  return rows.map((row) => ({ ...row, value: toWire(Number(row.value)) }));
}

/** One experiment by its name, with its size. */
export async function getExperiment(ctx: ServiceContext, scope: Scope<"experiments.read">, name: string) {
  const experiment = await experimentByName(ctx.db, scope.projectId, name);
  if (!experiment || experiment.lifecycle === "deleted")
    throw new AppError("not_found", "experiment", "There is no such experiment.");
  const isHere = and(eq(experimentRuns.experimentId, experiment.id), eq(experimentRuns.lifecycle, "active"));
  const [runs, deletedRuns] = await Promise.all([
    ctx.db.$count(experimentRuns, isHere),
    ctx.db.$count(
      experimentRuns,
      and(eq(experimentRuns.experimentId, experiment.id), eq(experimentRuns.lifecycle, "deleted")),
    ),
  ]);
  return {
    id: experiment.id,
    name: experiment.name,
    description: experiment.tags["mlflow.note.content"] ?? null,
    runs,
    deletedRuns,
  };
}
