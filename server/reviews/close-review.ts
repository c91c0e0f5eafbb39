import { and, eq, isNull } from "drizzle-orm";
import { notifications } from "@/db/schema/notifications";
import { reviews } from "@/db/schema/reviews";
import type { CloseReview } from "@/domain/reviews/contracts";
import { reviewName } from "@/domain/reviews/outcome";
import { refusalToClose } from "@/domain/reviews/policy";
import { audit } from "../audit/audit-caller";
import { personOf, type Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { evaluateReviewed, publishReviewed } from "../promotions/evaluate-reviewed";
import { auditRefusal, lockReview, refusalError } from "./record";

/** Ends a review with a reason. It speaks for no promotion any more, and nobody is asked for a verdict on it. */
export async function closeReview(ctx: ServiceContext, scope: Scope<"reviews.comment">, input: CloseReview) {
  const { userId } = personOf(scope);
  const caller = { ctx, scope };
  const refusal = await ctx.db.transaction(async (tx) => {
    const review = await lockReview(tx, scope.projectId, input.reviewId);
    const refused = refusalToClose(review, { userId, heldRoles: scope.roles }, input.state);
    const verb = input.state === "withdrawn" ? "withdraw" : "close";
    if (refused) {
      await auditRefusal(tx, caller, { act: verb, review, words: verb, refusal: refused });
      return refused;
    }
    const at = ctx.clock();
    await tx
      .update(reviews)
      .set({ state: input.state, closedAt: at, closedBy: userId, closedReason: input.reason })
      .where(eq(reviews.id, review.id));
    await tx
      .update(notifications)
      .set({ readAt: at })
      .where(
        and(
          eq(notifications.projectId, scope.projectId),
          eq(notifications.kind, "reviews.asked"),
          eq(notifications.entityId, review.id),
          isNull(notifications.readAt),
        ),
      );
    const reopened = await evaluateReviewed(tx, caller, review);
    await audit(tx, caller, {
      action: `reviews.${input.state}`,
      entity: { kind: "review", id: review.id },
      summary: `${input.state === "withdrawn" ? "withdrew" : "closed"} ${reviewName(review.number)}`,
      details: { reason: input.reason },
    });
    await publishReviewed(tx, scope.projectId, { reviewId: review.id, reopened });
    return null;
  });
  if (refusal) throw refusalError(refusal);
}
