import { and, eq, inArray, sql } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { pipelineRunSteps } from "@/db/schema/pipelines";
import type { LineageEdge, LineageNode } from "@/domain/lineage/types";
import { dependantsOf } from "@/domain/pipelines/interpreter";
import { mayRetry } from "@/domain/pipelines/policy";
import type { AttemptState, StepState } from "@/domain/pipelines/status";
import type { StepOutputs } from "@/domain/pipelines/types";
import type { ServiceContext } from "../context";
import type { AttemptResult } from "../executors/executor";
import { finishStepExperimentRun } from "../experiments/step-experiment-run";
import { revokeRunToken } from "../identity/run-tokens";
import { recordLineage } from "../lineage/record-lineage";
import { publishEvent } from "../notifications/publish-event";
import type { AttemptLog } from "./attempt-log";
import type { Attempt } from "./begin-attempt";
import type { StepFacts } from "./load-step";

/** What the workflow does next with the step. */
export type StepEnd = "succeeded" | "failed" | "retry" | "cancelled";

/** How an attempt ended. `lost`: its worker is going away, so it counts for nothing. */
export type AttemptEnd = Omit<AttemptResult, "state"> & {
  readonly state: Exclude<AttemptState, "starting" | "running">;
  /** One short line for the graph. */
  readonly summary: string | null;
  /** A failure that another attempt would only repeat. */
  readonly isFinal?: boolean;
};

type Finish = {
  readonly facts: StepFacts;
  readonly attempt: Attempt;
  readonly end: AttemptEnd;
  readonly log: AttemptLog;
};

/**
 * Closes an attempt in one transaction: the rest of its log, its row, the step's row, its token, its experiment
 * run, lineage of what it left, and the steps that will never run because of it. Null where the attempt was
 * closed by another already, whose word counts.
 */
export async function finishAttempt(ctx: ServiceContext, finish: Finish): Promise<StepEnd | null> {
  const { facts, attempt, end } = finish;
  const next = nextOf(facts, end);
  return ctx.db.transaction(async (tx) => {
    const totals = await finish.log.finish(tx);
    if (!(await writeRows(ctx, tx, { ...finish, next, totals }))) return null;
    if (next === "failed") await skipDependants(tx, facts, facts.step.key);
    if (attempt.token !== null) await revokeRunToken(ctx, attempt.id, tx);
    // Before the experiment run, which takes the project's counter: shared nodes are locked first, everywhere.
    await recordLineage(tx, attempt.projectId, lineageOf(facts, end.outputs));
    await finishExperiment(ctx, tx, finish);
    await publishEvent(tx, attempt.projectId, "pipelines", facts.run.id);
    return next;
  });
}

const EXPERIMENT_STATUSES = {
  succeeded: "FINISHED",
  failed: "FAILED",
  timed_out: "FAILED",
  cancelled: "KILLED",
  lost: "KILLED",
} as const;

async function finishExperiment(ctx: ServiceContext, tx: Transaction, { attempt, end }: Finish): Promise<void> {
  const { projectId, experimentRunId } = attempt;
  if (experimentRunId === null) return;
  await finishStepExperimentRun(ctx, { projectId, experimentRunId, status: EXPERIMENT_STATUSES[end.state] }, tx);
}

function nextOf(facts: StepFacts, end: AttemptEnd): StepEnd {
  if (end.state === "succeeded" || end.state === "cancelled") return end.state;
  if (end.state === "lost") return "retry";
  const failures =
    facts.attempts.filter((attempt) => attempt.state === "failed" || attempt.state === "timed_out").length + 1;
  return end.isFinal !== true && mayRetry(failures, facts.planned.maxAttempts) ? "retry" : "failed";
}

const STEP_STATES = {
  succeeded: "succeeded",
  failed: "failed",
  retry: "queued",
  cancelled: "cancelled",
} as const satisfies Record<StepEnd, StepState>;

type Rows = Finish & { readonly next: StepEnd; readonly totals: { readonly bytes: number; readonly isCut: boolean } };

/** Attempt and step in one statement; false where the attempt was closed already. */
async function writeRows(
  ctx: ServiceContext,
  tx: Transaction,
  { facts, attempt, end, next, totals }: Rows,
): Promise<boolean> {
  const at = ctx.clock().toISOString();
  const outputs = end.state === "succeeded" ? JSON.stringify(end.outputs) : null;
  const closed = await tx.execute(sql`
    with attempt as (
      update step_attempts set
        state = ${end.state}, exit_code = ${end.exitCode}, reason = ${end.reason}, outputs = ${outputs}::jsonb,
        environment_digest = ${end.environmentDigest}, log_bytes = ${totals.bytes}, is_log_cut = ${totals.isCut},
        finished_at = ${at}::timestamptz
      where id = ${attempt.id} and state in ('starting', 'running')
      returning step_id
    )
    update pipeline_run_steps step set
      state = ${STEP_STATES[next]}, reason = ${end.reason}, summary = ${end.summary},
      finished_at = ${next === "retry" ? null : at}::timestamptz
    from attempt where step.id = attempt.step_id and step.id = ${facts.step.id}
    returning step.id`);
  return closed.length > 0;
}

/** Writes the steps that can never run as skipped. */
export async function skipDependants(
  tx: Transaction,
  facts: Pick<StepFacts, "plan" | "run">,
  key: string,
): Promise<void> {
  const skipped = dependantsOf(facts.plan.steps, key);
  if (skipped.length === 0) return;
  await tx
    .update(pipelineRunSteps)
    .set({ state: "skipped", reason: `It needs ${key}, which failed.` })
    .where(
      and(
        eq(pipelineRunSteps.runId, facts.run.id),
        inArray(pipelineRunSteps.key, [...skipped]),
        eq(pipelineRunSteps.state, "pending"),
      ),
    );
}

/** The run produced each output; a dataset version that is passed on is in the lineage as the run's input already. */
function lineageOf({ run, pipelineName, step }: StepFacts, outputs: StepOutputs): readonly LineageEdge[] {
  const from: LineageNode = { kind: "pipeline_run", reference: run.id, label: `${pipelineName} #${run.number}` };
  return Object.entries(outputs)
    .filter(([, output]) => output.datasetVersionId === undefined)
    .map(
      ([name, output]): LineageEdge => ({
        from,
        to: { kind: "artifact", reference: output.sha256, label: `${step.key}.${name}` },
        kind: "produced",
        runId: run.id,
      }),
    );
}
