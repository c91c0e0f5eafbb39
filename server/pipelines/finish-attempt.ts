import { and, eq, inArray } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { pipelineRunSteps, stepAttempts } from "@/db/schema/pipelines";
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
    const [open] = await tx
      .select({ id: stepAttempts.id })
      .from(stepAttempts)
      .where(and(eq(stepAttempts.id, attempt.id), inArray(stepAttempts.state, ["starting", "running"])))
      .for("update");
    if (!open) return null;
    const totals = await finish.log.finish(tx);
    await writeRows(ctx, tx, { ...finish, next, totals });
    if (attempt.token !== null) await revokeRunToken(ctx, attempt.id, tx);
    // Before the experiment run, which takes the project's counter: shared nodes are locked first, everywhere.
    await recordLineage(tx, attempt.projectId, lineageOf(facts, end.outputs));
    if (attempt.experimentRunId !== null) {
      const status =
        end.state === "succeeded"
          ? "FINISHED"
          : end.state === "failed" || end.state === "timed_out"
            ? "FAILED"
            : "KILLED";
      await finishStepExperimentRun(
        ctx,
        { projectId: attempt.projectId, experimentRunId: attempt.experimentRunId, status },
        tx,
      );
    }
    await publishEvent(tx, attempt.projectId, "pipelines", facts.run.id);
    return next;
  });
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

async function writeRows(
  ctx: ServiceContext,
  tx: Transaction,
  { facts, attempt, end, next, totals }: Rows,
): Promise<void> {
  const finishedAt = ctx.clock();
  await tx
    .update(stepAttempts)
    .set({
      state: end.state,
      exitCode: end.exitCode,
      reason: end.reason,
      outputs: end.state === "succeeded" ? end.outputs : null,
      environmentDigest: end.environmentDigest,
      logBytes: totals.bytes,
      isLogCut: totals.isCut,
      finishedAt,
    })
    .where(eq(stepAttempts.id, attempt.id));
  await tx
    .update(pipelineRunSteps)
    .set({
      state: STEP_STATES[next],
      reason: end.reason,
      summary: end.summary,
      ...(next !== "retry" && { finishedAt }),
    })
    .where(eq(pipelineRunSteps.id, facts.step.id));
  if (next === "failed") await skipDependants(tx, facts, facts.step.key);
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
