import { defineSignal, proxyActivities, setHandler } from "@temporalio/workflow";
import { NUDGE } from "@/domain/outbox";
import type { ReviewEvidenceInput } from "@/domain/reviews/workflow";
import { ENDLESS_RETRY } from "../retry";
import type { ReviewActivities } from "./activities";

// Long ones say that they live: without, a dead worker would be noticed only after the whole time.
const { freezeReviewEvidence } = proxyActivities<ReviewActivities>({
  startToCloseTimeout: "15 minutes",
  heartbeatTimeout: "10 seconds",
  cancellationType: "WAIT_CANCELLATION_COMPLETED",
  retry: ENDLESS_RETRY,
});

const nudged = defineSignal(NUDGE);

/**
 * Freezes a review's evidence until nothing has changed since. The record says what is left to do; a nudge that comes
 * while it works makes it look once more, and one that comes later starts it again.
 */
export async function reviewEvidenceWorkflow({ reviewId }: ReviewEvidenceInput): Promise<void> {
  let nudges = 0;
  setHandler(nudged, () => {
    nudges += 1;
  });
  for (;;) {
    const seen = nudges;
    const { isDone } = await freezeReviewEvidence(reviewId);
    if (isDone && nudges === seen) return;
  }
}
