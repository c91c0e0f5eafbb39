import {
  ActivityFailure,
  CancellationScope,
  isCancellation,
  proxyActivities,
  rootCause,
  sleep,
  workflowInfo,
} from "@temporalio/workflow";
import { shortQueueOf } from "@/domain/outbox";
import { createInterpreter, type Settled } from "@/domain/pipelines/interpreter";
import type { PipelineRunInput } from "@/domain/pipelines/workflow";
import { BOUNDED_RETRY, ENDLESS_RETRY } from "../retry";
import type { PipelineActivities } from "./activities";

/** Short work, which never waits for the capacity that steps take. */
function shortWork() {
  const taskQueue = shortQueueOf(workflowInfo().taskQueue);
  const bounded = { taskQueue, startToCloseTimeout: "30 seconds", retry: BOUNDED_RETRY } as const;
  const endless = { taskQueue, startToCloseTimeout: "1 minute", retry: ENDLESS_RETRY } as const;
  const { openRun } = proxyActivities<PipelineActivities>(bounded);
  const { closeRun, giveUpStep } = proxyActivities<PipelineActivities>(endless);
  return { openRun, closeRun, giveUpStep };
}

/** Room beside a step's own limit: an environment is built first, and what a dead worker left is ended. */
const PREPARATION_MS = 45 * 60_000;
/** Deliveries of one attempt, most of them after the death of a worker. */
const DELIVERIES = 10;

type OpenedStep = Awaited<ReturnType<PipelineActivities["openRun"]>>["steps"][number];

/**
 * Runs the steps of a pipeline in the order of their needs, one activity an attempt. Postgres holds the record;
 * what is decided here is only which step comes next.
 */
export async function pipelineRunWorkflow({ runId }: PipelineRunInput): Promise<Settled> {
  let end: { readonly outcome: Settled; readonly reason: string | null };
  try {
    end = await runSteps(runId);
  } catch (error) {
    end = isCancellation(error)
      ? { outcome: "cancelled", reason: null }
      : { outcome: "failed", reason: sentenceOf(error) };
  }
  await CancellationScope.nonCancellable(() => shortWork().closeRun({ runId, ...end }));
  return end.outcome;
}

async function runSteps(runId: string) {
  const { mayRun, steps } = await shortWork().openRun({ runId });
  if (!mayRun) return { outcome: "cancelled" as const, reason: null };
  const interpreter = createInterpreter(steps);
  const byKey = new Map(steps.map((step) => [step.key, step]));
  const failed: string[] = [];

  async function runAll(keys: readonly string[]): Promise<void> {
    await Promise.all(
      keys.map(async (key) => {
        const step = byKey.get(key);
        const outcome = step ? await runToItsEnd(runId, step) : "failed";
        if (outcome === "cancelled") interpreter.cancel();
        if (outcome === "failed") failed.push(key);
        await runAll(interpreter.settle(key, outcome).ready);
      }),
    );
  }

  await runAll(interpreter.start().ready);
  const outcome = interpreter.outcome();
  return { outcome, reason: outcome === "failed" ? `${failed.join(" and ")} failed.` : null };
}

/** Attempts of one step until it succeeds, has failed for good, or the run is cancelled. Never throws. */
async function runToItsEnd(runId: string, step: OpenedStep): Promise<Settled> {
  const { runStep } = proxyActivities<PipelineActivities>({
    heartbeatTimeout: "7 seconds",
    // Said aloud, since an absent value is sent as "try": the run is cancelled when the processes are gone.
    cancellationType: "WAIT_CANCELLATION_COMPLETED",
    startToCloseTimeout: step.timeoutMs + PREPARATION_MS,
    retry: { ...BOUNDED_RETRY, initialInterval: "500 milliseconds", maximumAttempts: DELIVERIES },
  });
  try {
    for (;;) {
      const end = await runStep({ runId, stepKey: step.key });
      if (end !== "retry") return end;
      await sleep(step.retryDelayMs);
    }
  } catch (error) {
    if (isCancellation(error) || CancellationScope.current().consideredCancelled) return "cancelled";
    const reason = sentenceOf(error);
    await CancellationScope.nonCancellable(() => shortWork().giveUpStep({ runId, stepKey: step.key, reason }));
    return "failed";
  }
}

function sentenceOf(error: unknown): string {
  if (error instanceof ActivityFailure && error.retryState === "MAXIMUM_ATTEMPTS_REACHED") {
    return `It was tried ${DELIVERIES} times without an end: ${rootCause(error) ?? "its workers died"}.`;
  }
  return rootCause(error) ?? "It ended for a reason that is not known.";
}
