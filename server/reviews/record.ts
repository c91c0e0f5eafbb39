import { and, desc, eq, inArray, isNull } from "drizzle-orm";
import type { Executor, Transaction } from "@/db/client";
import { experimentRuns } from "@/db/schema/experiments";
import { memberships, users } from "@/db/schema/identity";
import { notifications } from "@/db/schema/notifications";
import { pipelineRuns, pipelineVersions, sourceBundles } from "@/db/schema/pipelines";
import { projects } from "@/db/schema/projects";
import { environments } from "@/db/schema/promotions";
import { modelVersions, registeredModels } from "@/db/schema/registry";
import { reviews, reviewThreads } from "@/db/schema/reviews";
import type { Barred } from "@/domain/approvals/types";
import { AppError } from "@/domain/errors";
import type { Role } from "@/domain/identity/roles";
import type { EnvironmentName } from "@/domain/promotions/status";
import { reviewName } from "@/domain/reviews/outcome";
import { barredReviewers, type ReviewAuthors, type ReviewRefusal, type ReviewRules } from "@/domain/reviews/policy";
import { audit, type Caller } from "../audit/audit-caller";
import { findingAccepterOf } from "../feedback/finding-accepter";
import { currentPolicy } from "../promotions/promotion-facts";

export type Review = typeof reviews.$inferSelect;
export type Thread = typeof reviewThreads.$inferSelect;

/** Takes the review's row within the project: verdicts, threads and evidence queue here. Before any promotion's row. */
export async function lockReview(tx: Transaction, projectId: string, reviewId: string): Promise<Review> {
  const [review] = await tx
    .select()
    .from(reviews)
    .where(and(eq(reviews.id, reviewId), eq(reviews.projectId, projectId)))
    .for("no key update");
  if (!review) throw new AppError("not_found", "review", "There is no such review.");
  return review;
}

/** A thread with its review's row taken. */
export async function lockThread(
  tx: Transaction,
  projectId: string,
  threadId: string,
): Promise<{ readonly thread: Thread; readonly review: Review }> {
  const [found] = await tx
    .select({ reviewId: reviewThreads.reviewId })
    .from(reviewThreads)
    .where(and(eq(reviewThreads.id, threadId), eq(reviewThreads.projectId, projectId)));
  if (!found) throw new AppError("not_found", "review_thread", "There is no such thread.");
  const review = await lockReview(tx, projectId, found.reviewId);
  const [thread] = await tx.select().from(reviewThreads).where(eq(reviewThreads.id, threadId));
  if (!thread) throw new AppError("not_found", "review_thread", "There is no such thread.");
  return { thread, review };
}

const versionColumns = { version: modelVersions, model: registeredModels.name };

/** Versions that a review speaks for: its own, or those registered from its run, newest first. */
export async function versionsOf(
  db: Executor,
  review: Pick<Review, "projectId" | "modelVersionId" | "experimentRunId">,
) {
  const rows = await db
    .select(versionColumns)
    .from(modelVersions)
    .innerJoin(registeredModels, eq(registeredModels.id, modelVersions.modelId))
    .where(
      and(
        eq(modelVersions.projectId, review.projectId),
        review.modelVersionId
          ? eq(modelVersions.id, review.modelVersionId)
          : and(eq(modelVersions.experimentRunId, review.experimentRunId ?? ""), isNull(modelVersions.deletedAt)),
      ),
    )
    .orderBy(desc(modelVersions.createdAt), desc(modelVersions.id));
  return rows.map(({ version, model }) => ({ ...version, model, name: `${model} v${version.version}` }));
}
export type ReviewedVersion = Awaited<ReturnType<typeof versionsOf>>[number];

/** The policy whose hold-out and roles a review goes by: production's, else staging's; null where neither has one. */
export async function reviewPolicy(db: Executor, projectId: string) {
  const all = await db.select().from(environments).where(eq(environments.projectId, projectId));
  for (const name of ["production", "staging"] satisfies EnvironmentName[]) {
    const environment = all.find((each) => each.name === name);
    const policy = environment ? await currentPolicy(db, environment.id) : null;
    if (policy) return policy;
  }
  return null;
}

async function runsOf(
  db: Executor,
  review: Review,
  versions: readonly ReviewedVersion[],
): Promise<Pick<ReviewAuthors, "runs" | "findingsAcceptedBy">> {
  const experimentRunIds = [review.experimentRunId, ...versions.map(({ experimentRunId }) => experimentRunId)].flatMap(
    (id) => id ?? [],
  );
  const runs =
    experimentRunIds.length > 0
      ? await db
          .select({
            name: experimentRuns.name,
            createdBy: experimentRuns.createdBy,
            pipelineRunId: experimentRuns.pipelineRunId,
          })
          .from(experimentRuns)
          .where(inArray(experimentRuns.id, experimentRunIds))
      : [];
  const pipelineRunIds = [...new Set([...runs, ...versions].flatMap(({ pipelineRunId }) => pipelineRunId ?? []))];
  const started =
    pipelineRunIds.length > 0
      ? await db
          .select({ number: pipelineRuns.number, startedBy: pipelineRuns.startedBy, pushedBy: sourceBundles.pushedBy })
          .from(pipelineRuns)
          .innerJoin(pipelineVersions, eq(pipelineVersions.id, pipelineRuns.pipelineVersionId))
          .innerJoin(sourceBundles, eq(sourceBundles.id, pipelineVersions.bundleId))
          .where(inArray(pipelineRuns.id, pipelineRunIds))
      : [];
  return {
    runs: [
      ...runs.map(({ name, createdBy }) => ({ name: `the run ${name}`, startedBy: createdBy, pushedBy: null })),
      ...started.map(({ number, ...run }) => ({ ...run, name: `run #${number}` })),
    ],
    findingsAcceptedBy: await Promise.all(pipelineRunIds.map((id) => findingAccepterOf(db, id))),
  };
}

/** Who may not give a verdict on a review, as the record stands now. */
export async function barredOf(db: Executor, review: Review): Promise<readonly Barred[]> {
  const versions = await versionsOf(db, review);
  const [runAuthors, [project]] = await Promise.all([
    runsOf(db, review, versions),
    db.select({ risk: projects.risk }).from(projects).where(eq(projects.id, review.projectId)),
  ]);
  return barredReviewers(
    {
      openedBy: review.openedBy,
      ...runAuthors,
      registrations: versions.map(({ version, registeredBy }) => ({ versionName: `v${version}`, registeredBy })),
    },
    project?.risk ?? "high",
  );
}

export function rulesOfReview(review: Review, barred: readonly Barred[]): ReviewRules {
  const { state, evidenceDigest } = review;
  return { state, evidenceDigest, isReady: review.computedRevision === review.requestedRevision, barred };
}

/** People of the project who can be mentioned, with their roles. */
export async function membersOf(db: Executor, projectId: string) {
  const rows = await db
    .select({ userId: users.id, name: users.name, role: memberships.role })
    .from(memberships)
    .innerJoin(users, and(eq(users.id, memberships.userId), eq(users.kind, "person"), isNull(users.deactivatedAt)))
    .where(eq(memberships.projectId, projectId))
    .orderBy(users.name, memberships.role);
  const members = new Map<string, { readonly userId: string; readonly name: string; readonly roles: Role[] }>();
  for (const { userId, name, role } of rows) {
    const known = members.get(userId);
    if (known) known.roles.push(role);
    else members.set(userId, { userId, name, roles: [role] });
  }
  return [...members.values()];
}

/** One audit row of what was refused, alone; the verb throws after the commit. */
export async function auditRefusal(
  tx: Transaction,
  caller: Caller,
  refused: {
    readonly act: string;
    readonly review: Review;
    readonly words: string;
    readonly refusal: ReviewRefusal;
    readonly details?: Readonly<Record<string, unknown>>;
  },
): Promise<void> {
  const { review, refusal } = refused;
  await audit(tx, caller, {
    action: `reviews.${refused.act}_refused`,
    entity: { kind: "review", id: review.id },
    summary: `was refused to ${refused.words} ${reviewName(review.number)}: ${refusal.sentence}`,
    details: { reason: refusal.reason, evidenceDigest: review.evidenceDigest, ...refused.details },
  });
}

export function refusalError(refusal: ReviewRefusal, details?: Readonly<Record<string, unknown>>): AppError {
  return new AppError(refusal.code, refusal.reason, refusal.sentence, details);
}

/** What a person did about a review or a thread answers the notices that asked for it. */
export async function answerNotices(
  tx: Transaction,
  answered: {
    readonly userId: string;
    readonly kinds: readonly string[];
    readonly entityId: string;
    readonly at: Date;
  },
): Promise<void> {
  await tx
    .update(notifications)
    .set({ readAt: answered.at })
    .where(
      and(
        eq(notifications.userId, answered.userId),
        inArray(notifications.kind, [...answered.kinds]),
        eq(notifications.entityId, answered.entityId),
        isNull(notifications.readAt),
      ),
    );
}
