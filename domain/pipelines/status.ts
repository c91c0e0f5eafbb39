export const PIPELINE_KINDS = ["development", "production"] as const;
export type PipelineKind = (typeof PIPELINE_KINDS)[number];

export const RUN_STATES = ["queued", "running", "cancelling", "succeeded", "failed", "cancelled"] as const;
export type RunState = (typeof RUN_STATES)[number];

export const STEP_STATES = ["pending", "queued", "running", "succeeded", "failed", "skipped", "cancelled"] as const;
export type StepState = (typeof STEP_STATES)[number];

export const ATTEMPT_STATES = ["starting", "running", "succeeded", "failed", "timed_out", "cancelled", "lost"] as const;
export type AttemptState = (typeof ATTEMPT_STATES)[number];

export function isRunOver(state: RunState): boolean {
  return state === "succeeded" || state === "failed" || state === "cancelled";
}
