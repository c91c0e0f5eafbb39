import { eq } from "drizzle-orm";
import { reviewThreads } from "@/db/schema/reviews";
import type { ResolveThread } from "@/domain/reviews/contracts";
import { reviewName } from "@/domain/reviews/outcome";
import { refusalToResolve } from "@/domain/reviews/policy";
import { audit } from "../audit/audit-caller";
import { personOf, type Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { evaluateReviewed, publishReviewed } from "../promotions/evaluate-reviewed";
import { auditRefusal, lockThread, refusalError } from "./record";

/** Resolves a thread: its opener, or an ML engineer with a reason. */
export async function resolveThread(ctx: ServiceContext, scope: Scope<"reviews.comment">, input: ResolveThread) {
  const { userId } = personOf(scope);
  const caller = { ctx, scope };
  const refusal = await ctx.db.transaction(async (tx) => {
    const { thread, review } = await lockThread(tx, scope.projectId, input.threadId);
    const refused = refusalToResolve(
      { openedBy: thread.openedBy, isResolved: thread.resolvedAt !== null, reviewState: review.state },
      { userId, heldRoles: scope.roles },
      input.reason,
    );
    const details = { threadId: thread.id };
    if (refused) {
      await auditRefusal(tx, caller, {
        act: "resolve",
        review,
        words: "resolve a thread of",
        refusal: refused,
        details,
      });
      return refused;
    }
    await tx
      .update(reviewThreads)
      .set({ resolvedAt: ctx.clock(), resolvedBy: userId, resolvedReason: input.reason || null })
      .where(eq(reviewThreads.id, thread.id));
    const reopened = await evaluateReviewed(tx, caller, review);
    await audit(tx, caller, {
      action: "reviews.thread_resolved",
      entity: { kind: "review", id: review.id },
      summary: `resolved a thread of ${reviewName(review.number)}`,
      details: { ...details, reason: input.reason },
    });
    await publishReviewed(tx, scope.projectId, { reviewId: review.id, reopened });
    return null;
  });
  if (refusal) throw refusalError(refusal);
}
