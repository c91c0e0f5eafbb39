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
};

/** Name of the one signal that every waiting workflow answers. */
export const NUDGE = "nudge";
