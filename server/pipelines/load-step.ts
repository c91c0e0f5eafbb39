import { and, asc, eq } from "drizzle-orm";
import {
  pipelineRunSteps,
  pipelineRuns,
  pipelines,
  pipelineVersions,
  sourceBundles,
  stepAttempts,
} from "@/db/schema/pipelines";
import { projects } from "@/db/schema/projects";
import { AppError } from "@/domain/errors";
import type { Plan, StepOutputs, StepPlan } from "@/domain/pipelines/types";
import type { ServiceContext } from "../context";

export type RunFacts = {
  readonly run: typeof pipelineRuns.$inferSelect;
  readonly pipelineName: string;
  readonly organisationId: string;
  readonly bundle: { readonly digest: string; readonly commit: string | null };
  readonly plan: Plan;
};

export type StepFacts = RunFacts & {
  readonly planned: StepPlan;
  readonly step: typeof pipelineRunSteps.$inferSelect;
  /** All attempts of the step, the first one first. */
  readonly attempts: readonly (typeof stepAttempts.$inferSelect)[];
  /** Outputs of the run's steps that succeeded, by the step's key. */
  readonly outputs: ReadonlyMap<string, StepOutputs>;
};

/** What never changes about the runs of a version of a pipeline. */
type VersionFacts = Omit<RunFacts, "run">;

const LARGEST_CACHE = 100;
const versions = new Map<string, VersionFacts>();

/** Kept in memory by the version's id, since each step of a run reads it. */
async function versionFacts(ctx: Pick<ServiceContext, "db">, versionId: string): Promise<VersionFacts> {
  const known = versions.get(versionId);
  if (known) return known;
  const [row] = await ctx.db
    .select({
      plan: pipelineVersions.plan,
      pipelineName: pipelines.name,
      organisationId: projects.organisationId,
      bundle: { digest: sourceBundles.digest, commit: sourceBundles.commit },
    })
    .from(pipelineVersions)
    .innerJoin(pipelines, eq(pipelines.id, pipelineVersions.pipelineId))
    .innerJoin(projects, eq(projects.id, pipelineVersions.projectId))
    .innerJoin(sourceBundles, eq(sourceBundles.id, pipelineVersions.bundleId))
    .where(eq(pipelineVersions.id, versionId));
  if (!row) throw new AppError("not_found", "pipeline_version", "There is no such version of a pipeline.");
  const [oldest] = versions.keys();
  if (versions.size >= LARGEST_CACHE && oldest !== undefined) versions.delete(oldest);
  versions.set(versionId, row);
  return row;
}

/** A run with what never changes about it. For workflows and workers: not scoped by a person's project. */
export async function loadRun(ctx: Pick<ServiceContext, "db">, runId: string): Promise<RunFacts> {
  const [run] = await ctx.db.select().from(pipelineRuns).where(eq(pipelineRuns.id, runId));
  if (!run) throw new AppError("not_found", "run", "There is no such run.");
  return { run, ...(await versionFacts(ctx, run.pipelineVersionId)) };
}

/** Everything that one attempt of a step needs to know, in three queries that travel together. */
export async function loadStep(ctx: Pick<ServiceContext, "db">, runId: string, stepKey: string): Promise<StepFacts> {
  const [facts, rows, finished] = await Promise.all([
    loadRun(ctx, runId),
    ctx.db
      .select({ step: pipelineRunSteps, attempt: stepAttempts })
      .from(pipelineRunSteps)
      .leftJoin(stepAttempts, eq(stepAttempts.stepId, pipelineRunSteps.id))
      .where(and(eq(pipelineRunSteps.runId, runId), eq(pipelineRunSteps.key, stepKey)))
      .orderBy(asc(stepAttempts.attempt)),
    ctx.db
      .select({ key: pipelineRunSteps.key, outputs: stepAttempts.outputs })
      .from(stepAttempts)
      .innerJoin(pipelineRunSteps, eq(pipelineRunSteps.id, stepAttempts.stepId))
      .where(and(eq(stepAttempts.runId, runId), eq(stepAttempts.state, "succeeded"))),
  ]);
  const [first] = rows;
  const planned = facts.plan.steps.find((candidate) => candidate.key === stepKey);
  if (!first || !planned) throw new AppError("not_found", "step", "There is no such step.");
  return {
    ...facts,
    planned,
    step: first.step,
    attempts: rows.flatMap((row) => (row.attempt ? [row.attempt] : [])),
    outputs: new Map(finished.map((row) => [row.key, row.outputs ?? {}])),
  };
}
