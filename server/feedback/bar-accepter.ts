import { and, asc, eq, inArray, isNull, or } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { approvalSignOffs, approvals } from "@/db/schema/approvals";
import { experimentRuns } from "@/db/schema/experiments";
import { promotions } from "@/db/schema/promotions";
import { modelVersions } from "@/db/schema/registry";
import { reviews, reviewVerdicts } from "@/db/schema/reviews";
import { ACCEPTED_FINDING } from "@/domain/promotions/barred";
import { reviewName } from "@/domain/reviews/outcome";

/**
 * Where the run is there before its finding is accepted, a promotion of its version may be open already: from then on
 * the person who accepts is barred there too. Answers what the person signed or approved of it before, which
 * forbids the acceptance; null where there is nothing.
 */
export async function barAccepter(
  tx: Transaction,
  about: { readonly projectId: string; readonly runId: string; readonly userId: string },
): Promise<string | null> {
  const { projectId, runId, userId } = about;
  const approved = await approvedReview(tx, about);
  if (approved !== null) return `approved ${reviewName(approved)}`;
  const rows = await tx
    .select({ id: approvals.id, state: approvals.state, barred: approvals.barred, number: promotions.number })
    .from(approvals)
    .innerJoin(promotions, eq(promotions.approvalId, approvals.id))
    .innerJoin(modelVersions, eq(modelVersions.id, promotions.modelVersionId))
    .where(and(eq(modelVersions.pipelineRunId, runId), eq(approvals.projectId, projectId)))
    .orderBy(promotions.id)
    // Promotion before approval, as everywhere: evidence that is being computed either sees the acceptance or is seen here.
    .for("no key update", { of: [promotions, approvals] });
  if (rows.length === 0) return null;
  const [signed] = await tx
    .select({ approvalId: approvalSignOffs.approvalId })
    .from(approvalSignOffs)
    .where(
      and(
        inArray(
          approvalSignOffs.approvalId,
          rows.map((row) => row.id),
        ),
        eq(approvalSignOffs.userId, userId),
        eq(approvalSignOffs.decision, "approved"),
        isNull(approvalSignOffs.outdatedAt),
      ),
    );
  if (signed) return `signed promotion #${rows.find((row) => row.id === signed.approvalId)?.number}`;
  for (const { id, state, barred } of rows) {
    if ((state !== "preparing" && state !== "open") || barred.some((bar) => bar.userId === userId)) continue;
    await tx
      .update(approvals)
      .set({ barred: [...barred, { userId, reason: ACCEPTED_FINDING }] })
      .where(eq(approvals.id, id));
  }
  return null;
}

/** An open review of what came of the run whose current evidence the person approved. Reviews before promotions. */
async function approvedReview(
  tx: Transaction,
  about: { readonly projectId: string; readonly runId: string; readonly userId: string },
): Promise<number | null> {
  const { projectId, runId, userId } = about;
  const versions = tx
    .select({ id: modelVersions.id })
    .from(modelVersions)
    .where(eq(modelVersions.pipelineRunId, runId));
  const registeredFrom = tx
    .select({ id: modelVersions.experimentRunId })
    .from(modelVersions)
    .where(eq(modelVersions.pipelineRunId, runId));
  const runs = tx.select({ id: experimentRuns.id }).from(experimentRuns).where(eq(experimentRuns.pipelineRunId, runId));
  const open = await tx
    .select({ id: reviews.id, number: reviews.number, evidenceDigest: reviews.evidenceDigest })
    .from(reviews)
    .where(
      and(
        eq(reviews.projectId, projectId),
        eq(reviews.state, "open"),
        or(
          inArray(reviews.modelVersionId, versions),
          inArray(reviews.experimentRunId, registeredFrom),
          inArray(reviews.experimentRunId, runs),
        ),
      ),
    )
    .orderBy(asc(reviews.id))
    .for("no key update");
  for (const review of open) {
    const isApproved = and(
      eq(reviewVerdicts.reviewId, review.id),
      eq(reviewVerdicts.userId, userId),
      eq(reviewVerdicts.decision, "approved"),
      isNull(reviewVerdicts.replacedAt),
      eq(reviewVerdicts.evidenceDigest, review.evidenceDigest ?? ""),
    );
    if ((await tx.$count(reviewVerdicts, isApproved)) > 0) return review.number;
  }
  return null;
}
