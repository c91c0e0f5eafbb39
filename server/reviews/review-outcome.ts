import { and, asc, desc, eq, inArray, isNull, or, sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { users } from "@/db/schema/identity";
import { modelVersions } from "@/db/schema/registry";
import { reviewEvidence, reviews, reviewThreads, reviewVerdicts } from "@/db/schema/reviews";
import type { ReviewFacts } from "@/domain/reviews/types";

type ReviewRow = Pick<
  typeof reviews.$inferSelect,
  "id" | "number" | "evidenceDigest" | "computedRevision" | "requestedRevision"
>;

/** Verdicts that stand and threads that wait, for each of the reviews: two queries, however many. */
export async function reviewFactsOf(
  db: Executor,
  rows: readonly ReviewRow[],
): Promise<ReadonlyMap<string, ReviewFacts>> {
  if (rows.length === 0) return new Map();
  const ids = rows.map(({ id }) => id);
  const [verdicts, threads] = await Promise.all([
    db
      .select({
        reviewId: reviewVerdicts.reviewId,
        userId: reviewVerdicts.userId,
        name: users.name,
        role: reviewVerdicts.asRole,
        decision: reviewVerdicts.decision,
        evidenceDigest: reviewVerdicts.evidenceDigest,
      })
      .from(reviewVerdicts)
      .innerJoin(users, eq(users.id, reviewVerdicts.userId))
      .where(and(inArray(reviewVerdicts.reviewId, ids), isNull(reviewVerdicts.replacedAt)))
      .orderBy(asc(reviewVerdicts.id)),
    db
      .select({ reviewId: reviewThreads.reviewId, count: sql<number>`count(*)::int` })
      .from(reviewThreads)
      .where(and(inArray(reviewThreads.reviewId, ids), isNull(reviewThreads.resolvedAt)))
      .groupBy(reviewThreads.reviewId),
  ]);
  return new Map(
    rows.map((review) => [
      review.id,
      {
        id: review.id,
        number: review.number,
        evidenceDigest: review.evidenceDigest,
        isReady: review.computedRevision >= review.requestedRevision,
        verdicts: verdicts
          .filter(({ reviewId }) => reviewId === review.id)
          .map(({ reviewId: _review, evidenceDigest, ...verdict }) => ({
            ...verdict,
            isOutdated: evidenceDigest !== review.evidenceDigest,
          })),
        unresolvedThreads: threads.find(({ reviewId }) => reviewId === review.id)?.count ?? 0,
      },
    ]),
  );
}

/**
 * The open review that speaks for a model version: its own, or the one of the experiment run from which it was
 * registered. Null where none is open.
 */
export async function reviewOutcomeOf(
  db: Executor,
  projectId: string,
  modelVersionId: string,
): Promise<ReviewFacts | null> {
  const [version] = await db
    .select({ experimentRunId: modelVersions.experimentRunId })
    .from(modelVersions)
    .where(and(eq(modelVersions.id, modelVersionId), eq(modelVersions.projectId, projectId)));
  if (!version) return null;
  const [review] = await db
    .select({
      id: reviews.id,
      number: reviews.number,
      evidenceDigest: reviews.evidenceDigest,
      computedRevision: reviews.computedRevision,
      requestedRevision: reviews.requestedRevision,
      modelVersionId: reviews.modelVersionId,
      candidateId: sql<string | null>`${reviewEvidence.text}::jsonb -> 'candidate' ->> 'modelVersionId'`,
    })
    .from(reviews)
    .leftJoin(
      reviewEvidence,
      and(eq(reviewEvidence.reviewId, reviews.id), eq(reviewEvidence.digest, reviews.evidenceDigest)),
    )
    .where(
      and(
        eq(reviews.projectId, projectId),
        eq(reviews.state, "open"),
        or(
          eq(reviews.modelVersionId, modelVersionId),
          version.experimentRunId ? eq(reviews.experimentRunId, version.experimentRunId) : undefined,
        ),
      ),
    )
    // Its own review before the one of its run.
    .orderBy(sql`${reviews.modelVersionId} is null`, desc(reviews.id))
    .limit(1);
  if (!review) return null;
  // A run's review measured one of the versions that it registered, and speaks for that one alone.
  if (review.modelVersionId === null && review.candidateId !== null && review.candidateId !== modelVersionId)
    return null;
  return (await reviewFactsOf(db, [review])).get(review.id) ?? null;
}
