import { and, asc, eq, inArray } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { experimentRuns } from "@/db/schema/experiments";
import { users } from "@/db/schema/identity";
import { environments, policyVersions, promotions } from "@/db/schema/promotions";
import { modelVersions, registeredModels } from "@/db/schema/registry";
import { reviewComments, reviewEvidence, reviews, reviewThreads, reviewVerdicts } from "@/db/schema/reviews";
import { AppError } from "@/domain/errors";
import { reviewRolesOf } from "@/domain/promotions/policy";
import { outcomeOf, standingOf } from "@/domain/reviews/outcome";
import type { ReviewEvidence } from "@/domain/reviews/types";
import type { Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { requiredReviewRoles } from "./queries";
import { barredOf, membersOf, type Review, rulesOfReview, versionsOf } from "./record";
import { reviewFactsOf } from "./review-outcome";

async function baseOf(ctx: ServiceContext, projectId: string, number: number) {
  const opener = alias(users, "opener");
  const closer = alias(users, "closer");
  const base = alias(modelVersions, "base");
  const [row] = await ctx.db
    .select({
      review: reviews,
      opener: { id: opener.id, name: opener.name },
      closedBy: closer.name,
      run: { id: experimentRuns.id, name: experimentRuns.name },
      baseVersion: base.version,
      baseModel: registeredModels.name,
    })
    .from(reviews)
    .innerJoin(opener, eq(opener.id, reviews.openedBy))
    .leftJoin(closer, eq(closer.id, reviews.closedBy))
    .leftJoin(experimentRuns, eq(experimentRuns.id, reviews.experimentRunId))
    .leftJoin(base, eq(base.id, reviews.baseVersionId))
    .leftJoin(registeredModels, eq(registeredModels.id, base.modelId))
    .where(and(eq(reviews.projectId, projectId), eq(reviews.number, number)));
  if (!row) throw new AppError("not_found", "review", "There is no such review.");
  return row;
}

/** Every evidence that the review had, oldest first, without the texts; and the text of the current one. */
async function evidencesOf(ctx: ServiceContext, review: Review) {
  const all = await ctx.db
    .select({ digest: reviewEvidence.digest, createdAt: reviewEvidence.createdAt })
    .from(reviewEvidence)
    .where(eq(reviewEvidence.reviewId, review.id))
    .orderBy(asc(reviewEvidence.id));
  const [current] = review.evidenceDigest
    ? await ctx.db
        .select({ text: reviewEvidence.text, createdAt: reviewEvidence.createdAt })
        .from(reviewEvidence)
        .where(and(eq(reviewEvidence.reviewId, review.id), eq(reviewEvidence.digest, review.evidenceDigest)))
    : [];
  return {
    history: all,
    current: current
      ? {
          digest: review.evidenceDigest ?? "",
          createdAt: current.createdAt,
          record: JSON.parse(current.text) as ReviewEvidence,
        }
      : null,
  };
}

async function verdictsOf(ctx: ServiceContext, review: Review) {
  const rows = await ctx.db
    .select({ verdict: reviewVerdicts, name: users.name })
    .from(reviewVerdicts)
    .innerJoin(users, eq(users.id, reviewVerdicts.userId))
    .where(eq(reviewVerdicts.reviewId, review.id))
    .orderBy(asc(reviewVerdicts.id));
  return rows.map(({ verdict, name }) => ({
    id: verdict.id,
    userId: verdict.userId,
    name,
    asRole: verdict.asRole,
    decision: verdict.decision,
    comment: verdict.comment,
    evidenceDigest: verdict.evidenceDigest,
    createdAt: verdict.createdAt,
    isReplaced: verdict.replacedAt !== null,
    isOutdated: verdict.evidenceDigest !== review.evidenceDigest,
  }));
}

async function threadsOf(ctx: ServiceContext, review: Review) {
  const resolver = alias(users, "resolver");
  const threads = await ctx.db
    .select({ thread: reviewThreads, openedBy: users.name, resolvedBy: resolver.name })
    .from(reviewThreads)
    .innerJoin(users, eq(users.id, reviewThreads.openedBy))
    .leftJoin(resolver, eq(resolver.id, reviewThreads.resolvedBy))
    .where(eq(reviewThreads.reviewId, review.id))
    .orderBy(asc(reviewThreads.id));
  if (threads.length === 0) return [];
  const comments = await ctx.db
    .select({
      id: reviewComments.id,
      threadId: reviewComments.threadId,
      authorId: users.id,
      author: users.name,
      body: reviewComments.body,
      createdAt: reviewComments.createdAt,
    })
    .from(reviewComments)
    .innerJoin(users, eq(users.id, reviewComments.authorId))
    .where(
      inArray(
        reviewComments.threadId,
        threads.map(({ thread }) => thread.id),
      ),
    )
    .orderBy(asc(reviewComments.id));
  return threads.map(({ thread, openedBy, resolvedBy }) => ({
    id: thread.id,
    anchor: { kind: thread.anchorKind, key: thread.anchorKey, label: thread.anchorLabel },
    quote: thread.quote,
    isQuoteOutdated: thread.evidenceDigest !== review.evidenceDigest,
    openedBy: { id: thread.openedBy, name: openedBy },
    createdAt: thread.createdAt,
    resolved: thread.resolvedAt
      ? { at: thread.resolvedAt, by: resolvedBy ?? "Somebody", reason: thread.resolvedReason }
      : null,
    comments: comments.filter(({ threadId }) => threadId === thread.id),
  }));
}

/** Open promotions for which this review speaks, each with what it still lacks by the policy that it was proposed under. */
async function blockedBy(ctx: ServiceContext, review: Review, versionIds: readonly string[]) {
  if (versionIds.length === 0) return [];
  const facts = review.state === "open" ? ((await reviewFactsOf(ctx.db, [review])).get(review.id) ?? null) : null;
  const rows = await ctx.db
    .select({
      number: promotions.number,
      state: promotions.state,
      environment: environments.name,
      version: modelVersions.version,
      rules: policyVersions.rules,
    })
    .from(promotions)
    .innerJoin(environments, eq(environments.id, promotions.environmentId))
    .innerJoin(modelVersions, eq(modelVersions.id, promotions.modelVersionId))
    .innerJoin(policyVersions, eq(policyVersions.id, promotions.policyVersionId))
    .where(
      and(
        eq(promotions.projectId, review.projectId),
        inArray(promotions.modelVersionId, [...versionIds]),
        inArray(promotions.state, ["evaluating", "waiting"]),
      ),
    )
    .orderBy(asc(promotions.number));
  return rows.flatMap(({ rules, ...promotion }) => {
    const roles = reviewRolesOf(rules);
    return roles.length > 0 ? [{ ...promotion, outcome: outcomeOf(roles, facts) }] : [];
  });
}

/** Everything that the page of a review shows. The evidence is read as it was frozen: opening a page computes nothing. */
export async function getReview(ctx: ServiceContext, scope: Scope<"reviews.read">, number: number) {
  const { review, ...base } = await baseOf(ctx, scope.projectId, number);
  const [versions, required, evidence, verdicts, threads, facts, barred, members] = await Promise.all([
    versionsOf(ctx.db, review),
    requiredReviewRoles(ctx, scope.projectId),
    evidencesOf(ctx, review),
    verdictsOf(ctx, review),
    threadsOf(ctx, review),
    reviewFactsOf(ctx.db, [review]),
    barredOf(ctx.db, review),
    membersOf(ctx.db, scope.projectId),
  ]);
  const known = facts.get(review.id) ?? {
    id: review.id,
    number,
    evidenceDigest: review.evidenceDigest,
    isReady: false,
    verdicts: [],
    unresolvedThreads: 0,
  };
  return {
    id: review.id,
    number: review.number,
    title: review.title,
    description: review.description,
    state: review.state,
    standing: standingOf(review.state, required, known),
    opener: base.opener,
    createdAt: review.createdAt,
    closed: review.closedAt
      ? { at: review.closedAt, by: base.closedBy ?? "Somebody", reason: review.closedReason ?? "" }
      : null,
    run: base.run,
    versions: versions.map(({ id, model, version }) => ({ id, model, version })),
    base:
      base.baseVersion !== null && base.baseModel !== null
        ? { model: base.baseModel, version: base.baseVersion }
        : null,
    rules: rulesOfReview(review, barred),
    requiredRoles: required,
    unresolvedThreads: known.unresolvedThreads,
    evidence: evidence.current,
    evidenceHistory: evidence.history,
    verdicts,
    threads,
    members,
    promotions: await blockedBy(
      ctx,
      review,
      versions.map(({ id }) => id),
    ),
    /** The roles that the caller holds now, so that the page decides by the rule that the server decides by. */
    myRoles: scope.roles,
  };
}
