import os from "node:os";
import { and, eq, inArray, sql } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { pipelineRunSteps, stepAttempts } from "@/db/schema/pipelines";
import type { StepInputs } from "@/domain/pipelines/types";
import type { ServiceContext } from "../context";
import type { ProcessIdentity } from "../executors/executor";
import { createStepExperimentRun } from "../experiments/step-experiment-run";
import { mintRunToken } from "../identity/run-tokens";
import { newId } from "../ids";
import { publishEvent } from "../notifications/publish-event";
import type { StepFacts } from "./load-step";

export type Attempt = {
  readonly id: string;
  readonly projectId: string;
  readonly number: number;
  readonly experimentRunId: string | null;
  /** Null where the step runs no process. */
  readonly token: string | null;
};

/**
 * Writes the next attempt of a step as starting, with its experiment run and its token where it runs a
 * process. Throws where another attempt began in the meantime: then this one is a late delivery.
 */
export async function beginAttempt(
  ctx: ServiceContext,
  facts: StepFacts,
  begun: { readonly inputs: StepInputs; readonly queuedAt: Date },
): Promise<Attempt> {
  const { run, step, planned } = facts;
  const { projectId } = run;
  const id = newId();
  const number = (facts.attempts.at(-1)?.attempt ?? 0) + 1;
  const at = ctx.clock();
  return ctx.db.transaction(async (tx) => {
    const taken = await tx
      .update(pipelineRunSteps)
      .set({
        state: "running",
        attempts: number,
        reason: null,
        finishedAt: null,
        queuedAt: sql`coalesce(${pipelineRunSteps.queuedAt}, ${begun.queuedAt.toISOString()}::timestamptz)`,
        startedAt: sql`coalesce(${pipelineRunSteps.startedAt}, ${at.toISOString()}::timestamptz)`,
      })
      .where(
        and(
          eq(pipelineRunSteps.id, step.id),
          eq(pipelineRunSteps.attempts, number - 1),
          inArray(pipelineRunSteps.state, ["pending", "queued", "running"]),
        ),
      )
      .returning({ id: pipelineRunSteps.id });
    if (taken.length === 0) throw new Error(`Attempt ${number} of ${step.key} was begun by another delivery.`);
    await tx.insert(stepAttempts).values({
      id,
      projectId,
      runId: run.id,
      stepId: step.id,
      attempt: number,
      state: "starting",
      host: os.hostname(),
      inputs: begun.inputs,
      createdAt: at,
    });
    const isProcess = planned.work.kind === "command" || planned.work.kind === "shell";
    const experimentRunId = await experimentRunOf(ctx, facts, { id, tx });
    const token = isProcess
      ? await mintRunToken(ctx, { projectId, runId: run.id, attemptId: id, experimentRunId }, tx)
      : null;
    await publishEvent(tx, projectId, "pipelines", run.id);
    return { id, projectId, number, experimentRunId, token };
  });
}

async function experimentRunOf(
  ctx: ServiceContext,
  { run, planned, bundle, step }: StepFacts,
  { id, tx }: { id: string; tx: Transaction },
): Promise<string | null> {
  if (planned.experiment === null) return null;
  const experimentRunId = await createStepExperimentRun(
    ctx,
    {
      projectId: run.projectId,
      experiment: planned.experiment,
      pipelineRunId: run.id,
      stepAttemptId: id,
      name: `${step.key} #${run.number}`,
      commit: bundle.commit,
    },
    tx,
  );
  await tx.update(stepAttempts).set({ experimentRunId }).where(eq(stepAttempts.id, id));
  await tx.update(pipelineRunSteps).set({ experimentRunId }).where(eq(pipelineRunSteps.id, step.id));
  return experimentRunId;
}

/** Records the process group before the step's own code runs, so that a dead worker's leftovers can be found. Throws where the attempt is over. */
export async function recordProcess(ctx: ServiceContext, attemptId: string, process: ProcessIdentity): Promise<void> {
  const started = await ctx.db
    .update(stepAttempts)
    .set({
      state: "running",
      startedAt: ctx.clock(),
      host: process.host,
      processGroup: process.processGroup,
      processStartedAt: process.processStartedAt,
    })
    .where(and(eq(stepAttempts.id, attemptId), eq(stepAttempts.state, "starting")))
    .returning({ id: stepAttempts.id });
  if (started.length === 0) throw new Error("The attempt is over before its process began.");
}
