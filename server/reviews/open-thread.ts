import { and, eq } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { reviewEvidence, reviewThreads } from "@/db/schema/reviews";
import { quoteOf } from "@/domain/reviews/anchors";
import type { OpenThread } from "@/domain/reviews/contracts";
import { reviewName } from "@/domain/reviews/outcome";
import { type ReviewRefusal, refuseReview } from "@/domain/reviews/policy";
import type { ReviewEvidence } from "@/domain/reviews/types";
import { audit } from "../audit/audit-caller";
import { personOf, type Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { newId } from "../ids";
import { evaluateReviewed, publishReviewed } from "../promotions/evaluate-reviewed";
import { addComment } from "./add-comment";
import { auditRefusal, lockReview, type Review, refusalError } from "./record";

type Anchored = NonNullable<ReturnType<typeof quoteOf>>;

/** The value that the person was shown; the evidence must be one that this review had. */
async function anchoredIn(tx: Transaction, review: Review, input: OpenThread): Promise<Anchored | ReviewRefusal> {
  if (review.state !== "open") return refuseReview("closed", "This review is closed.");
  const [kept] = await tx
    .select({ text: reviewEvidence.text })
    .from(reviewEvidence)
    .where(and(eq(reviewEvidence.reviewId, review.id), eq(reviewEvidence.digest, input.evidenceDigest)));
  const found = kept ? quoteOf(JSON.parse(kept.text) as ReviewEvidence, input.anchor) : null;
  return found ?? refuseReview("no_anchor", "The evidence that you were shown has no such value.");
}

/** Opens a thread on the run, a metric, a slice, an artefact or the whole; the anchored value is frozen in it. */
export async function openThread(ctx: ServiceContext, scope: Scope<"reviews.comment">, input: OpenThread) {
  const author = personOf(scope);
  const caller = { ctx, scope };
  const result = await ctx.db.transaction(async (tx) => {
    const review = await lockReview(tx, scope.projectId, input.reviewId);
    const anchored = await anchoredIn(tx, review, input);
    if ("reason" in anchored) {
      await auditRefusal(tx, caller, { act: "thread", review, words: "open a thread in", refusal: anchored });
      return { refusal: anchored };
    }
    const thread = { id: newId(), openedBy: author.userId };
    await tx.insert(reviewThreads).values({
      ...thread,
      projectId: scope.projectId,
      reviewId: review.id,
      anchorKind: input.anchor.kind,
      anchorKey: input.anchor.key,
      anchorLabel: anchored.label,
      quote: anchored.quote,
      evidenceDigest: input.evidenceDigest,
      createdAt: ctx.clock(),
    });
    await addComment(tx, caller, { review, thread, author, body: input.body });
    const reopened = await evaluateReviewed(tx, caller, review);
    await audit(tx, caller, {
      action: "reviews.thread_opened",
      entity: { kind: "review", id: review.id },
      summary: `opened a thread in ${reviewName(review.number)}${anchored.label ? ` on ${anchored.label}` : ""}`,
      details: { threadId: thread.id, anchor: input.anchor, evidenceDigest: input.evidenceDigest },
    });
    await publishReviewed(tx, scope.projectId, { reviewId: review.id, reopened });
    return { refusal: null, threadId: thread.id };
  });
  if (result.refusal) throw refusalError(result.refusal);
  return { threadId: result.threadId };
}
