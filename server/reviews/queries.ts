import { and, asc, desc, eq, inArray, isNull, lt, or, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { experimentRuns } from "@/db/schema/experiments";
import { users } from "@/db/schema/identity";
import { modelVersions, registeredModels } from "@/db/schema/registry";
import { reviews, slices } from "@/db/schema/reviews";
import { AppError } from "@/domain/errors";
import { reviewRolesOf } from "@/domain/promotions/policy";
import type { ReviewsFilter } from "@/domain/reviews/contracts";
import { rolesWithoutVerdict, standingOf } from "@/domain/reviews/outcome";
import { REVIEW_STATES } from "@/domain/reviews/status";
import type { ReviewFacts } from "@/domain/reviews/types";
import type { Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { evaluationDataset } from "./evaluation-dataset";
import { reviewPolicy } from "./record";
import { reviewFactsOf } from "./review-outcome";

type ReadScope = Scope<"reviews.read">;
const PAGE = 50;

/** Roles that the project's policy asks for in a review. */
export async function requiredReviewRoles(ctx: ServiceContext, projectId: string) {
  const policy = await reviewPolicy(ctx.db, projectId);
  return policy ? reviewRolesOf(policy.rules) : [];
}

/** Reviews of the project, newest first, a page of 50 by keyset, each with where it stands. */
export async function listReviews(ctx: ServiceContext, scope: ReadScope, filter: ReviewsFilter) {
  const base = alias(modelVersions, "base");
  const [required, rows] = await Promise.all([
    requiredReviewRoles(ctx, scope.projectId),
    ctx.db
      .select({
        id: reviews.id,
        number: reviews.number,
        title: reviews.title,
        state: reviews.state,
        evidenceDigest: reviews.evidenceDigest,
        computedRevision: reviews.computedRevision,
        requestedRevision: reviews.requestedRevision,
        model: registeredModels.name,
        version: modelVersions.version,
        run: experimentRuns.name,
        baseVersion: base.version,
        openedBy: users.name,
        createdAt: reviews.createdAt,
      })
      .from(reviews)
      .innerJoin(users, eq(users.id, reviews.openedBy))
      .leftJoin(modelVersions, eq(modelVersions.id, reviews.modelVersionId))
      .leftJoin(registeredModels, eq(registeredModels.id, modelVersions.modelId))
      .leftJoin(experimentRuns, eq(experimentRuns.id, reviews.experimentRunId))
      .leftJoin(base, eq(base.id, reviews.baseVersionId))
      .where(
        and(
          eq(reviews.projectId, scope.projectId),
          filter.state?.length ? inArray(reviews.state, filter.state) : undefined,
          filter.cursor ? lt(reviews.id, filter.cursor) : undefined,
        ),
      )
      .orderBy(desc(reviews.id))
      .limit(PAGE + 1),
  ]);
  const page = rows.slice(0, PAGE);
  const facts = await reviewFactsOf(ctx.db, page);
  return {
    reviews: page.map(({ model, version, run, evidenceDigest, computedRevision, requestedRevision, ...row }) => {
      const known: ReviewFacts = facts.get(row.id) ?? {
        id: row.id,
        number: row.number,
        evidenceDigest,
        isReady: computedRevision >= requestedRevision,
        verdicts: [],
        unresolvedThreads: 0,
      };
      return {
        ...row,
        subject: model ? `${model} v${version}` : (run ?? ""),
        standing: standingOf(row.state, required, known),
        approvedRoles: required.filter((role) =>
          known.verdicts.some(
            (verdict) => verdict.role === role && verdict.decision === "approved" && !verdict.isOutdated,
          ),
        ),
        missingRoles: rolesWithoutVerdict(required, known),
        requiredRoles: required,
        unresolvedThreads: known.unresolvedThreads,
      };
    }),
    hasMore: rows.length > PAGE,
  };
}

/** How many reviews are in each state, for the filter's counts. */
export async function countReviews(ctx: ServiceContext, scope: ReadScope) {
  const rows = await ctx.db
    .select({ state: reviews.state, count: sql<number>`count(*)::int` })
    .from(reviews)
    .where(eq(reviews.projectId, scope.projectId))
    .groupBy(reviews.state);
  const counts = new Map(rows.map((row) => [row.state, row.count]));
  return REVIEW_STATES.map((state) => ({ state, count: counts.get(state) ?? 0 }));
}

/** The newest review of a version (or of its run) and of a run (or of what was registered from it): what their pages link to. */
export async function reviewOfSubject(
  ctx: ServiceContext,
  scope: ReadScope,
  subject: { readonly modelVersionId?: string | undefined; readonly experimentRunId?: string | undefined },
) {
  const where =
    subject.modelVersionId !== undefined
      ? eq(modelVersions.id, subject.modelVersionId)
      : eq(modelVersions.experimentRunId, subject.experimentRunId ?? "");
  const versions = await ctx.db
    .select({ id: modelVersions.id, experimentRunId: modelVersions.experimentRunId })
    .from(modelVersions)
    .where(and(eq(modelVersions.projectId, scope.projectId), where));
  if (subject.modelVersionId !== undefined && versions.length === 0)
    throw new AppError("not_found", "model_version", "There is no such model version.");
  const runIds = [subject.experimentRunId, ...versions.map(({ experimentRunId }) => experimentRunId)].flatMap(
    (id) => id ?? [],
  );
  const [newest] = await ctx.db
    .select({ number: reviews.number, title: reviews.title, state: reviews.state })
    .from(reviews)
    .where(
      and(
        eq(reviews.projectId, scope.projectId),
        or(
          versions.length > 0
            ? inArray(
                reviews.modelVersionId,
                versions.map(({ id }) => id),
              )
            : undefined,
          runIds.length > 0 ? inArray(reviews.experimentRunId, runIds) : undefined,
        ),
      ),
    )
    .orderBy(sql`(${reviews.state} = 'open') desc`, desc(reviews.id))
    .limit(1);
  return newest ?? null;
}

/** The project's slices with the dataset that they are conditions over. */
export async function listSlices(ctx: ServiceContext, scope: ReadScope) {
  const [kept, dataset] = await Promise.all([
    ctx.db
      .select({
        id: slices.id,
        name: slices.name,
        expression: slices.expression,
        createdBy: users.name,
        createdAt: slices.createdAt,
      })
      .from(slices)
      .innerJoin(users, eq(users.id, slices.createdBy))
      .where(and(eq(slices.projectId, scope.projectId), isNull(slices.retiredAt)))
      .orderBy(asc(slices.name), asc(slices.id)),
    evaluationDataset(ctx.db, scope.projectId),
  ]);
  return {
    slices: kept,
    dataset: dataset && {
      name: dataset.name,
      rows: dataset.rows,
      columns: dataset.schema.map(({ name, type }) => ({ name, type })),
    },
  };
}
