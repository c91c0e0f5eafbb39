import type { Reply } from "@/domain/reviews/contracts";
import { reviewName } from "@/domain/reviews/outcome";
import { refuseReview } from "@/domain/reviews/policy";
import { audit } from "../audit/audit-caller";
import { personOf, type Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { publishEvent } from "../notifications/publish-event";
import { addComment } from "./add-comment";
import { auditRefusal, lockThread, refusalError } from "./record";

/** Answers in a thread. It changes no outcome: a thread is done when it is resolved. */
export async function replyToThread(ctx: ServiceContext, scope: Scope<"reviews.comment">, input: Reply) {
  const author = personOf(scope);
  const caller = { ctx, scope };
  const result = await ctx.db.transaction(async (tx) => {
    const { thread, review } = await lockThread(tx, scope.projectId, input.threadId);
    if (review.state !== "open") {
      const refusal = refuseReview("closed", "This review is closed.");
      await auditRefusal(tx, caller, { act: "reply", review, words: "answer in", refusal });
      return { refusal };
    }
    const commentId = await addComment(tx, caller, { review, thread, author, body: input.body });
    await audit(tx, caller, {
      action: "reviews.replied",
      entity: { kind: "review", id: review.id },
      summary: `answered in a thread of ${reviewName(review.number)}`,
      details: { threadId: thread.id, commentId },
    });
    await publishEvent(tx, scope.projectId, "reviews", review.id);
    return { refusal: null, commentId };
  });
  if (result.refusal) throw refusalError(result.refusal);
  return { commentId: result.commentId };
}
