import { eq } from "drizzle-orm";
import { reviewThreads } from "@/db/schema/reviews";
import { reviewName } from "@/domain/reviews/outcome";
import { refusalToReopen } from "@/domain/reviews/policy";
import { audit } from "../audit/audit-caller";
import { personOf, type Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { evaluateReviewed, publishReviewed } from "../promotions/evaluate-reviewed";
import { auditRefusal, lockThread, refusalError } from "./record";

/** Opens a resolved thread again: it blocks as it did before. */
export async function reopenThread(
  ctx: ServiceContext,
  scope: Scope<"reviews.comment">,
  input: { readonly threadId: string },
) {
  personOf(scope);
  const caller = { ctx, scope };
  const refusal = await ctx.db.transaction(async (tx) => {
    const { thread, review } = await lockThread(tx, scope.projectId, input.threadId);
    const refused = refusalToReopen({
      openedBy: thread.openedBy,
      isResolved: thread.resolvedAt !== null,
      reviewState: review.state,
    });
    const details = { threadId: thread.id };
    if (refused) {
      await auditRefusal(tx, caller, { act: "reopen", review, words: "reopen a thread of", refusal: refused, details });
      return refused;
    }
    await tx
      .update(reviewThreads)
      .set({ resolvedAt: null, resolvedBy: null, resolvedReason: null })
      .where(eq(reviewThreads.id, thread.id));
    const reopened = await evaluateReviewed(tx, caller, review);
    await audit(tx, caller, {
      action: "reviews.thread_reopened",
      entity: { kind: "review", id: review.id },
      summary: `opened a resolved thread of ${reviewName(review.number)} again`,
      details: { ...details, before: { resolvedBy: thread.resolvedBy, reason: thread.resolvedReason } },
    });
    await publishReviewed(tx, scope.projectId, { reviewId: review.id, reopened });
    return null;
  });
  if (refusal) throw refusalError(refusal);
}
