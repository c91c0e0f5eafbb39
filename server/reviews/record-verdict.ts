import { and, eq, isNull } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { reviewVerdicts } from "@/db/schema/reviews";
import { ROLE_NAMES } from "@/domain/identity/roles";
import type { RecordVerdict } from "@/domain/reviews/contracts";
import { reviewName } from "@/domain/reviews/outcome";
import { refusalForVerdict } from "@/domain/reviews/policy";
import { audit, type Caller } from "../audit/audit-caller";
import { userIdOf } from "../authz/actor";
import type { Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { newId } from "../ids";
import { notifyPeople } from "../notifications/notify-person";
import { evaluateReviewed, publishReviewed } from "../promotions/evaluate-reviewed";
import { answerNotices, auditRefusal, barredOf, lockReview, type Review, refusalError, rulesOfReview } from "./record";

const WORDS = {
  approved: { action: "reviews.approved", done: "approved" },
  changes_requested: { action: "reviews.changes_requested", done: "asked for changes in" },
} as const;

/** Keeps the verdict; the earlier one of the same person in the same role is replaced and stays readable. */
async function keepVerdict(
  tx: Transaction,
  { ctx, scope }: Caller,
  given: { readonly review: Review; readonly userId: string; readonly input: RecordVerdict },
): Promise<string> {
  const { review, userId, input } = given;
  const at = ctx.clock();
  const { asRole, decision, comment, evidenceDigest } = input;
  await tx
    .update(reviewVerdicts)
    .set({ replacedAt: at })
    .where(
      and(
        eq(reviewVerdicts.reviewId, review.id),
        eq(reviewVerdicts.userId, userId),
        eq(reviewVerdicts.asRole, asRole),
        isNull(reviewVerdicts.replacedAt),
      ),
    );
  const id = newId();
  await tx.insert(reviewVerdicts).values({
    id,
    projectId: review.projectId,
    reviewId: review.id,
    userId,
    asRole,
    decision,
    comment,
    evidenceDigest,
    createdAt: at,
  });
  await answerNotices(tx, { userId, kinds: ["reviews.asked"], entityId: review.id, at });
  await notifyPeople(tx, [
    {
      projectId: review.projectId,
      userId: review.openedBy,
      kind: "reviews.decided",
      entity: { kind: "review", id: review.id },
      dedupeKey: `reviews.decided:${id}`,
      title: `${scope.actor.name} ${WORDS[decision].done} ${reviewName(review.number)}: ${review.title}`,
    },
  ]);
  return id;
}

/**
 * Gives a verdict as a role that the person holds. The caller sends the evidence digest that the person was shown:
 * where it is not current, `conflict`, an audit row and no verdict.
 */
export async function recordVerdict(ctx: ServiceContext, scope: Scope<"reviews.verdict">, input: RecordVerdict) {
  const caller = { ctx, scope };
  const userId = userIdOf(scope.actor) ?? "";
  const result = await ctx.db.transaction(async (tx) => {
    const review = await lockReview(tx, scope.projectId, input.reviewId);
    const refusal = refusalForVerdict(rulesOfReview(review, await barredOf(tx, review)), {
      userId,
      isPerson: scope.actor.kind === "person",
      heldRoles: scope.roles,
      asRole: input.asRole,
      decision: input.decision,
      comment: input.comment,
      evidenceDigest: input.evidenceDigest,
    });
    const shown = { asRole: input.asRole, decision: input.decision, shownDigest: input.evidenceDigest };
    if (refusal) {
      await auditRefusal(tx, caller, {
        act: "verdict",
        review,
        words: "give a verdict on",
        refusal,
        details: shown,
      });
      return { refusal, current: review.evidenceDigest };
    }
    const id = await keepVerdict(tx, caller, { review, userId, input });
    const reopened = await evaluateReviewed(tx, caller, review);
    const { action, done } = WORDS[input.decision];
    await audit(tx, caller, {
      action,
      entity: { kind: "review", id: review.id },
      summary: `${done} ${reviewName(review.number)} as ${ROLE_NAMES[input.asRole]}`,
      details: { ...shown, comment: input.comment },
    });
    await publishReviewed(tx, scope.projectId, { reviewId: review.id, reopened });
    return { refusal: null, id };
  });
  if (result.refusal) throw refusalError(result.refusal, { evidenceDigest: result.current });
  return { id: result.id };
}
