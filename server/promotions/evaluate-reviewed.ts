import { and, asc, eq, inArray } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { approvals } from "@/db/schema/approvals";
import { policyVersions, promotionEvidence, promotions } from "@/db/schema/promotions";
import { modelVersions } from "@/db/schema/registry";
import { reviewResult } from "@/domain/promotions/gate";
import { reviewRolesOf } from "@/domain/promotions/policy";
import type { Evidence } from "@/domain/promotions/types";
import { audit, type Caller } from "../audit/audit-caller";
import { publishEvent } from "../notifications/publish-event";
import { reviewOutcomeOf } from "../reviews/review-outcome";
import type { Promotion } from "./promotion-facts";
import { nudgePromotion } from "./reopen-promotion";

type Reviewed = { readonly modelVersionId: string | null; readonly experimentRunId: string | null };

/**
 * Promotions that are open for the versions that a review speaks for, with their rows taken. What is being evaluated
 * is among them: whoever evaluates holds the row while the outcome is read, so that no change falls between.
 */
async function lockOpen(tx: Transaction, projectId: string, review: Reviewed): Promise<readonly Promotion[]> {
  const versions = await tx
    .select({ id: modelVersions.id })
    .from(modelVersions)
    .where(
      and(
        eq(modelVersions.projectId, projectId),
        review.modelVersionId
          ? eq(modelVersions.id, review.modelVersionId)
          : eq(modelVersions.experimentRunId, review.experimentRunId ?? ""),
      ),
    );
  if (versions.length === 0) return [];
  return tx
    .select()
    .from(promotions)
    .where(
      and(
        eq(promotions.projectId, projectId),
        inArray(
          promotions.modelVersionId,
          versions.map(({ id }) => id),
        ),
        inArray(promotions.state, ["evaluating", "waiting"]),
      ),
    )
    .orderBy(asc(promotions.id))
    .for("no key update");
}

/** Whether the review's outcome is another than the one in the evidence that people are shown. */
async function isOutcomeOther(tx: Transaction, promotion: Promotion, evidenceDigest: string | null): Promise<boolean> {
  const [[policy], [kept]] = await Promise.all([
    tx
      .select({ rules: policyVersions.rules })
      .from(policyVersions)
      .where(eq(policyVersions.id, promotion.policyVersionId)),
    tx
      .select({ text: promotionEvidence.text })
      .from(promotionEvidence)
      .where(and(eq(promotionEvidence.promotionId, promotion.id), eq(promotionEvidence.digest, evidenceDigest ?? ""))),
  ]);
  const roles = policy ? reviewRolesOf(policy.rules) : [];
  if (roles.length === 0 || !kept) return false;
  const shown = (JSON.parse(kept.text) as Evidence).results.find(({ rule }) => rule === "review");
  const facts = await reviewOutcomeOf(tx, promotion.projectId, promotion.modelVersionId);
  const now = reviewResult(roles, facts);
  return shown?.verdict !== now.verdict || shown.sentence !== now.sentence || shown.scope !== now.scope;
}

/** Takes a waiting promotion back to evaluation where its review says something else now. Both rows are taken. */
export async function evaluateWhereOther(
  tx: Transaction,
  caller: Caller,
  waiting: {
    readonly promotion: Promotion;
    readonly approval: typeof approvals.$inferSelect;
    readonly summary: string;
  },
): Promise<boolean> {
  const { promotion, approval, summary } = waiting;
  if (!(await isOutcomeOther(tx, promotion, approval.evidenceDigest))) return false;
  await tx.update(promotions).set({ state: "evaluating" }).where(eq(promotions.id, promotion.id));
  await tx
    .update(approvals)
    .set({ state: "preparing", evidenceDigest: null, closedAt: null })
    .where(eq(approvals.id, approval.id));
  await audit(tx, caller, {
    action: "promotions.evaluation_requested",
    entity: { kind: "promotion", id: promotion.id },
    summary,
  });
  await nudgePromotion(tx, promotion.id, caller.ctx.requestId);
  return true;
}

type Open = { readonly promotion: Promotion; readonly approval: typeof approvals.$inferSelect | null };

/** Takes the rows of the open promotions with their approvals, in the order in which everybody takes them. */
export async function holdReviewed(tx: Transaction, projectId: string, review: Reviewed): Promise<readonly Open[]> {
  const held: Open[] = [];
  for (const promotion of await lockOpen(tx, projectId, review)) {
    const [approval] = promotion.approvalId
      ? await tx.select().from(approvals).where(eq(approvals.id, promotion.approvalId)).for("no key update")
      : [];
    held.push({ promotion, approval: approval ?? null });
  }
  return held;
}

/**
 * A review's outcome may have changed: each promotion that waits with another outcome in its evidence is evaluated
 * again, so that its page tells what is missing. Signatures stay until evidence with another digest is there. Called in
 * the transaction of the change, which holds the review's row. Answers the ids of those promotions.
 */
export async function evaluateReviewed(tx: Transaction, caller: Caller, review: Reviewed): Promise<readonly string[]> {
  const { scope } = caller;
  const reopened: string[] = [];
  for (const { promotion, approval } of await holdReviewed(tx, scope.projectId, review)) {
    // One that is being evaluated reads the outcome when it keeps its evidence.
    if (promotion.state !== "waiting" || !approval) continue;
    const summary = `changed what the review says for promotion #${promotion.number}, which is evaluated again`;
    if (await evaluateWhereOther(tx, caller, { promotion, approval, summary })) reopened.push(promotion.id);
  }
  return reopened;
}

/** Open pages of the review and of the promotions that are evaluated again hear of it: last in the transaction. */
export async function publishReviewed(
  tx: Transaction,
  projectId: string,
  about: { readonly reviewId: string; readonly reopened: readonly string[] },
): Promise<void> {
  await publishEvent(tx, projectId, "reviews", about.reviewId);
  for (const id of about.reopened) await publishEvent(tx, projectId, "promotions", id);
}
