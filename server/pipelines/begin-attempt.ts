import os from "node:os";
import { and, eq, sql } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { pipelineRunSteps, stepAttempts } from "@/db/schema/pipelines";
import type { StepInputs } from "@/domain/pipelines/types";
import type { ServiceContext } from "../context";
import type { ProcessIdentity } from "../executors/executor";
import { createStepExperimentRun } from "../experiments/step-experiment-run";
import { mintRunToken, newRunSecret } from "../identity/run-tokens";
import { newId } from "../ids";
import { publishEvent } from "../notifications/publish-event";
import type { StepFacts } from "./load-step";

export type Attempt = {
  readonly id: string;
  readonly projectId: string;
  readonly number: number;
  /** Null where the step logs nothing. */
  readonly experimentRunId: string | null;
  /** Null where the step runs no process. */
  readonly token: { readonly secret: string; readonly sha256: string } | null;
};

/** The next attempt of a step, with all that its process is told; nothing is written yet. */
export function planAttempt({ run, planned, attempts }: StepFacts): Attempt {
  const isProcess = planned.work.kind === "command" || planned.work.kind === "shell";
  return {
    id: newId(),
    projectId: run.projectId,
    number: (attempts.at(-1)?.attempt ?? 0) + 1,
    experimentRunId: planned.experiment === null ? null : newId(),
    token: isProcess ? newRunSecret() : null,
  };
}

/**
 * Writes an attempt as starting, with its experiment run and its token where it has them. Throws where
 * another attempt began in the meantime: then this one is a late delivery.
 */
export async function beginAttempt(
  ctx: ServiceContext,
  attempt: Attempt,
  begun: { readonly facts: StepFacts; readonly inputs: StepInputs; readonly queuedAt: Date },
): Promise<void> {
  const { id: attemptId, projectId, experimentRunId, token } = attempt;
  const runId = begun.facts.run.id;
  await ctx.db.transaction(async (tx) => {
    await writeRows(tx, { ...begun, attempt, at: ctx.clock() });
    await writeExperimentRun(ctx, begun.facts, { attempt, tx });
    if (token) await mintRunToken(ctx, { projectId, runId, attemptId, experimentRunId, sha256: token.sha256 }, tx);
    await publishEvent(tx, projectId, "pipelines", runId);
  });
}

type Rows = {
  readonly attempt: Attempt;
  readonly facts: StepFacts;
  readonly inputs: StepInputs;
  readonly queuedAt: Date;
  readonly at: Date;
};

/** Step and attempt in one statement: a chain of short steps feels every round trip. */
async function writeRows(tx: Transaction, { attempt, facts, inputs, queuedAt, at }: Rows): Promise<void> {
  const { id, number } = attempt;
  const begun = await tx.execute(sql`
    with step as (
      update pipeline_run_steps set
        state = 'running', attempts = ${number}, reason = null, finished_at = null,
        queued_at = coalesce(queued_at, ${queuedAt.toISOString()}::timestamptz),
        started_at = coalesce(started_at, ${at.toISOString()}::timestamptz)
      where id = ${facts.step.id} and attempts = ${number - 1} and state in ('pending', 'queued', 'running')
      returning id, project_id, run_id
    )
    insert into step_attempts (id, project_id, run_id, step_id, attempt, state, host, inputs, created_at)
    select ${id}::uuid, project_id, run_id, id, ${number}::int, 'starting', ${os.hostname()}, ${JSON.stringify(inputs)}::jsonb, ${at.toISOString()}::timestamptz
    from step returning id`);
  if (begun.length === 0) throw new Error(`Attempt ${number} of ${facts.step.key} was begun by another delivery.`);
}

async function writeExperimentRun(
  ctx: ServiceContext,
  { run, planned, bundle, step }: StepFacts,
  { attempt: { id, experimentRunId }, tx }: { readonly attempt: Attempt; readonly tx: Transaction },
): Promise<void> {
  if (planned.experiment === null || experimentRunId === null) return;
  await createStepExperimentRun(
    ctx,
    {
      id: experimentRunId,
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
