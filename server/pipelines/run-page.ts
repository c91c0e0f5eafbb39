import { aliasedTable, and, asc, eq, sql } from "drizzle-orm";
import { users } from "@/db/schema/identity";
import {
  pipelineRunSteps,
  pipelineRuns,
  pipelines,
  pipelineVersions,
  sourceBundles,
  stepAttempts,
} from "@/db/schema/pipelines";
import { AppError } from "@/domain/errors";
import { isRunOver, type StepState } from "@/domain/pipelines/status";
import type { StepPlan } from "@/domain/pipelines/types";
import type { Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";

type Readable = Scope<"pipelines.read">;

/** A run by its number or id, with its steps in the plan's order and all their attempts: what its page shows. */
export async function getRun(
  ctx: ServiceContext,
  scope: Readable,
  wanted: { readonly number: number } | { readonly runId: string },
) {
  const head = await runHead(ctx, scope, wanted);
  const [steps, attempts] = await Promise.all([
    ctx.db
      .select()
      .from(pipelineRunSteps)
      .where(eq(pipelineRunSteps.runId, head.id))
      .orderBy(asc(pipelineRunSteps.position)),
    ctx.db.select().from(stepAttempts).where(eq(stepAttempts.runId, head.id)).orderBy(asc(stepAttempts.attempt)),
  ]);
  const { plan, ...run } = head;
  const states = new Map(steps.map((step) => [step.key, step.state]));
  return {
    ...run,
    parameterSpecs: plan.parameters,
    steps: plan.steps.flatMap((planned) => {
      const step = steps.find((candidate) => candidate.key === planned.key);
      return step
        ? [
            stepView(planned, {
              step,
              states,
              isRunOver: isRunOver(run.state),
              attempts: attempts.filter((attempt) => attempt.stepId === step.id),
            }),
          ]
        : [];
    }),
  };
}

async function runHead(
  ctx: ServiceContext,
  scope: Readable,
  wanted: { readonly number: number } | { readonly runId: string },
) {
  const starter = aliasedTable(users, "starter");
  const canceller = aliasedTable(users, "canceller");
  const [head] = await ctx.db
    .select({
      id: pipelineRuns.id,
      number: pipelineRuns.number,
      state: pipelineRuns.state,
      reason: pipelineRuns.reason,
      parameters: pipelineRuns.parameters,
      datasets: pipelineRuns.datasets,
      trigger: pipelineRuns.trigger,
      startedById: pipelineRuns.startedBy,
      startedBy: starter.name,
      cancelRequestedBy: canceller.name,
      cancelRequestedAt: pipelineRuns.cancelRequestedAt,
      rerunOf: sql<
        number | null
      >`(select original.number from pipeline_runs original where original.id = ${pipelineRuns.rerunOf})`,
      createdAt: pipelineRuns.createdAt,
      startedAt: pipelineRuns.startedAt,
      finishedAt: pipelineRuns.finishedAt,
      pipelineId: pipelines.id,
      pipeline: pipelines.name,
      version: pipelineVersions.version,
      kind: pipelineVersions.kind,
      commit: sourceBundles.commit,
      isDirty: sourceBundles.isDirty,
      bundleDigest: sourceBundles.digest,
      plan: pipelineVersions.plan,
    })
    .from(pipelineRuns)
    .innerJoin(pipelines, eq(pipelines.id, pipelineRuns.pipelineId))
    .innerJoin(pipelineVersions, eq(pipelineVersions.id, pipelineRuns.pipelineVersionId))
    .innerJoin(sourceBundles, eq(sourceBundles.id, pipelineVersions.bundleId))
    .leftJoin(starter, eq(starter.id, pipelineRuns.startedBy))
    .leftJoin(canceller, eq(canceller.id, pipelineRuns.cancelRequestedBy))
    .where(
      and(
        eq(pipelineRuns.projectId, scope.projectId),
        "number" in wanted ? eq(pipelineRuns.number, wanted.number) : eq(pipelineRuns.id, wanted.runId),
      ),
    );
  if (!head) throw new AppError("not_found", "run", "There is no such run.");
  return head;
}

type StepRow = typeof pipelineRunSteps.$inferSelect;
type AttemptRow = typeof stepAttempts.$inferSelect;
type Around = {
  readonly step: StepRow;
  readonly states: ReadonlyMap<string, StepState>;
  readonly isRunOver: boolean;
  readonly attempts: readonly AttemptRow[];
};

function stepView(planned: StepPlan, { step, states, isRunOver: isOver, attempts }: Around) {
  const isReady = !isOver && planned.needs.every((need) => states.get(need) === "succeeded");
  return {
    key: step.key,
    kind: planned.work.kind,
    work: planned.work,
    needs: planned.needs,
    inputSpecs: planned.inputs,
    outputSpecs: planned.outputs,
    maxAttempts: planned.maxAttempts,
    timeoutMs: planned.timeoutMs,
    experiment: planned.experiment,
    // A step whose needs are met waits for a worker: that is the queue, and needs no row of its own.
    state: step.state === "pending" && isReady ? ("queued" as const) : step.state,
    reason: step.reason,
    summary: step.summary,
    queuedAt: step.queuedAt,
    startedAt: step.startedAt,
    finishedAt: step.finishedAt,
    experimentRunId: step.experimentRunId,
    attempts: attempts.map((attempt) => ({
      id: attempt.id,
      number: attempt.attempt,
      state: attempt.state,
      reason: attempt.reason,
      exitCode: attempt.exitCode,
      host: attempt.host,
      inputs: attempt.inputs,
      outputs: attempt.outputs,
      environmentDigest: attempt.environmentDigest,
      experimentRunId: attempt.experimentRunId,
      createdAt: attempt.createdAt,
      startedAt: attempt.startedAt,
      finishedAt: attempt.finishedAt,
    })),
  };
}
