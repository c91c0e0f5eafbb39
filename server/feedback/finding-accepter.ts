import { and, eq, inArray } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { feedbackItems, retrainingTriggers } from "@/db/schema/feedback";

/** Who accepted the finding that a retraining run answers; null where the run has another cause, or nobody has yet. */
export async function findingAccepterOf(db: Executor, pipelineRunId: string): Promise<string | null> {
  const [row] = await db
    .select({ userId: feedbackItems.answeredBy })
    .from(retrainingTriggers)
    .innerJoin(feedbackItems, eq(feedbackItems.id, retrainingTriggers.itemId))
    .where(and(eq(retrainingTriggers.runId, pipelineRunId), inArray(feedbackItems.state, ["accepted", "done"])));
  return row?.userId ?? null;
}
