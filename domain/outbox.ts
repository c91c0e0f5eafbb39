/**
 * What the relay delivers. `start` begins a workflow under a deterministic id ("already started" is
 * success); `nudge` tells a waiting workflow to look again and starts it where it is missing.
 * Neither carries content: the record is in Postgres.
 */
export type OutboxMessage = {
  readonly act: "start" | "nudge" | "cancel";
  /** Type name of the workflow, such as `promotionWorkflow`. */
  readonly workflow: string;
  /** `<domain>/<entity>/<id>`, such as `promotions/promotion/0195…`. */
  readonly workflowId: string;
  readonly input: Readonly<Record<string, string | number>>;
  /** Where its tasks wait; the queue for workflows and short work unless said. */
  readonly queue?: "steps";
};

/** Name of the one signal that every waiting workflow answers. */
export const NUDGE = "nudge";

const STEP_QUEUE_SUFFIX = "-steps";

/** Steps of pipelines take a machine's capacity, so they have a queue of their own beside the one for workflows and short work. */
export function stepQueueOf(taskQueue: string): string {
  return `${taskQueue}${STEP_QUEUE_SUFFIX}`;
}

/** The queue for short work, as seen from a workflow on either queue. */
export function shortQueueOf(taskQueue: string): string {
  return taskQueue.endsWith(STEP_QUEUE_SUFFIX) ? taskQueue.slice(0, -STEP_QUEUE_SUFFIX.length) : taskQueue;
}
