import { CancelledFailure, Context } from "@temporalio/activity";
import { closeRun, type RunEnd } from "@/server/pipelines/close-run";
import type { StepEnd } from "@/server/pipelines/finish-attempt";
import { giveUpStep } from "@/server/pipelines/give-up-step";
import { type OpenedRun, openRun } from "@/server/pipelines/open-run";
import { runStep } from "@/server/pipelines/run-step";
import type { WorkerServices } from "../activities";

const BEAT_EVERY_MS = 1_000;

export type StepRef = { readonly runId: string; readonly stepKey: string };

export function pipelineActivities(services: WorkerServices) {
  return {
    openRun: (input: { readonly runId: string }): Promise<OpenedRun> => openRun(services.ctx, input.runId),

    /** One attempt of a step. Beats while it works; a cancellation comes back with a beat. */
    async runStep(input: StepRef): Promise<StepEnd> {
      const context = Context.current();
      const stop = stopSignal(context);
      const beat = setInterval(() => context.heartbeat(), BEAT_EVERY_MS);
      try {
        const queuedAt = new Date(context.info.currentAttemptScheduledTimestampMs);
        const end = await runStep(services, { ...input, queuedAt, signal: stop });
        if (end === "cancelled" && stop.aborted) throw new CancelledFailure("The run was cancelled.");
        return end;
      } finally {
        clearInterval(beat);
      }
    },

    giveUpStep: (input: StepRef & { readonly reason: string }): Promise<void> => giveUpStep(services, input),
    closeRun: (input: RunEnd): Promise<void> => closeRun(services, input),
  };
}

export type PipelineActivities = ReturnType<typeof pipelineActivities>;

/** Tells the end of a run from the end of this worker, which another one takes over. */
function stopSignal(context: Context): AbortSignal {
  const controller = new AbortController();
  context.cancelled.catch(() =>
    controller.abort(context.cancellationDetails?.cancelRequested === true ? "cancelled" : "shutdown"),
  );
  return controller.signal;
}
