import { and, eq, isNull, ne } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { reviewEvidence, reviews, reviewVerdicts } from "@/db/schema/reviews";
import { reviewName } from "@/domain/reviews/outcome";
import type { ReviewEvidence } from "@/domain/reviews/types";
import { audit, type Caller } from "../audit/audit-caller";
import { authorize, systemActor } from "../authz/authorize";
import { canonicalDigest } from "../blobs/digest";
import type { ServiceContext } from "../context";
import { newId } from "../ids";
import { recordLineage } from "../lineage/record-lineage";
import { evaluateReviewed, publishReviewed } from "../promotions/evaluate-reviewed";
import { askReviewers } from "./ask-reviewers";
import { lockReview, type Review } from "./record";
import { evidenceOf, measurePlan } from "./review-evidence";
import { isSamePlan, planOf, type ReviewPlan } from "./review-plan";

type Frozen = {
  readonly review: Review;
  readonly plan: ReviewPlan;
  readonly evidence: ReviewEvidence;
  readonly seen: number;
};

/** Answers the promotions that are evaluated again because of it. */
async function keepEvidence(tx: Transaction, caller: Caller, frozen: Frozen): Promise<readonly string[]> {
  const { review, plan, evidence, seen } = frozen;
  const { text, digest } = canonicalDigest(evidence);
  const at = caller.ctx.clock();
  const isChanged = digest !== review.evidenceDigest;
  await tx
    .insert(reviewEvidence)
    .values({ id: newId(), projectId: review.projectId, reviewId: review.id, text, digest, createdAt: at })
    .onConflictDoNothing();
  const next = {
    evidenceDigest: digest,
    computedRevision: Math.max(seen, review.computedRevision),
    baseVersionId: plan.base?.id ?? null,
  };
  await tx.update(reviews).set(next).where(eq(reviews.id, review.id));
  const current = { ...review, ...next };
  // What was evaluated meanwhile says that the evidence is being computed.
  if (!isChanged) return evaluateReviewed(tx, caller, current);
  const outdated = await tx.$count(
    reviewVerdicts,
    and(
      eq(reviewVerdicts.reviewId, review.id),
      isNull(reviewVerdicts.replacedAt),
      ne(reviewVerdicts.evidenceDigest, digest),
    ),
  );
  const reopened = await evaluateReviewed(tx, caller, current);
  await askReviewers(tx, caller, { review: current, evidence });
  if (plan.candidate) {
    await recordLineage(tx, review.projectId, [
      {
        from: { kind: "model_version", reference: plan.candidate.id, label: plan.candidate.name },
        to: { kind: "review", reference: review.id, label: review.title },
        kind: "reviewed_by",
      },
    ]);
  }
  await audit(tx, caller, {
    action: "reviews.evidence_frozen",
    entity: { kind: "review", id: review.id },
    summary: `froze the evidence of ${reviewName(review.number)}`,
    details: { evidenceDigest: digest, before: review.evidenceDigest, outdatedVerdicts: outdated },
  });
  return reopened;
}

/**
 * Freezes what is under review: both sides measured by the platform, the slices, and what the record says of data,
 * features and code, as an immutable text with its digest. Verdicts over another digest are outdated from here on.
 * Measuring locks nothing. `isDone` is false where something changed meanwhile: the next call looks again.
 */
export async function freezeEvidence(ctx: ServiceContext, reviewId: string): Promise<{ readonly isDone: boolean }> {
  const [review] = await ctx.db.select().from(reviews).where(eq(reviews.id, reviewId));
  if (review?.state !== "open" || review.computedRevision >= review.requestedRevision) return { isDone: true };
  const caller = {
    ctx,
    scope: await authorize(ctx, systemActor("Countersign"), "reviews.read", review.projectId),
  };
  const plan = await planOf(ctx.db, review);
  const measured = await measurePlan(ctx, review.projectId, plan);
  // Counted after measuring, which itself says that there is a new evaluation.
  const [seen] = await ctx.db
    .select({ revision: reviews.requestedRevision })
    .from(reviews)
    .where(eq(reviews.id, reviewId));
  if (!isSamePlan(plan, await planOf(ctx.db, review))) return { isDone: false };
  const evidence = await evidenceOf(ctx, review, { plan, measured });
  return ctx.db.transaction(async (tx) => {
    const locked = await lockReview(tx, review.projectId, review.id);
    if (locked.state !== "open") return { isDone: true };
    // An attempt that was given up and ends late: what a later one froze is newer.
    if ((seen?.revision ?? 0) < locked.computedRevision)
      return { isDone: locked.computedRevision >= locked.requestedRevision };
    const reopened = await keepEvidence(tx, caller, { review: locked, plan, evidence, seen: seen?.revision ?? 0 });
    await publishReviewed(tx, review.projectId, { reviewId: review.id, reopened });
    return { isDone: (seen?.revision ?? 0) >= locked.requestedRevision };
  });
}
