import { Context } from "@temporalio/activity";
import { freezeEvidence } from "@/server/reviews/freeze-evidence";
import type { WorkerServices } from "../activities";

const ALIVE_EVERY_MS = 2_000;

export function reviewActivities({ ctx }: Pick<WorkerServices, "ctx">) {
  return {
    /** Measures and freezes what is under review. Called again after a crash it finds what was measured. */
    freezeReviewEvidence: async (reviewId: string): Promise<{ readonly isDone: boolean }> => {
      const { heartbeat } = Context.current();
      const timer = setInterval(() => heartbeat(), ALIVE_EVERY_MS);
      try {
        return await freezeEvidence(ctx, reviewId);
      } finally {
        clearInterval(timer);
      }
    },
  };
}
export type ReviewActivities = ReturnType<typeof reviewActivities>;
