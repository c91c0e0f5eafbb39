import { and, desc, eq, inArray, or } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { experimentRuns } from "@/db/schema/experiments";
import { modelVersions } from "@/db/schema/registry";
import { reviews } from "@/db/schema/reviews";
import { AppError } from "@/domain/errors";
import type { OpenReview } from "@/domain/reviews/contracts";
import { reviewName } from "@/domain/reviews/outcome";
import { reviewEvidenceNudge } from "@/domain/reviews/workflow";
import { audit } from "../audit/audit-caller";
import { personOf, type Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { newId } from "../ids";
import { recordLineage } from "../lineage/record-lineage";
import { enqueue } from "../outbox/enqueue";
import { nextNumber } from "../projects/next-number";
import { evaluateReviewed, holdReviewed, publishReviewed } from "../promotions/evaluate-reviewed";
import { loadVersion } from "../promotions/promotion-facts";
import { versionsOf } from "./record";
import { planOf, titleOf } from "./review-plan";

type Subject = {
  readonly modelVersionId: string | null;
  readonly experimentRunId: string | null;
  readonly label: string;
  readonly node: {
    readonly kind: "model_version" | "experiment_run";
    readonly reference: string;
    readonly label: string;
  };
  /** Ids for which an open review would speak already. */
  readonly versionIds: readonly string[];
  readonly runId: string | null;
};

async function lockRun(tx: Transaction, projectId: string, experimentRunId: string) {
  const [run] = await tx
    .select()
    .from(experimentRuns)
    .where(
      and(
        eq(experimentRuns.id, experimentRunId),
        eq(experimentRuns.projectId, projectId),
        eq(experimentRuns.lifecycle, "active"),
      ),
    )
    .for("no key update");
  return run ?? null;
}

/** The subject with its row taken (a version's run, where it has one), so that of two who open at once one waits. */
async function lockSubject(tx: Transaction, projectId: string, input: OpenReview["subject"]): Promise<Subject> {
  if (input.kind === "experiment_run") {
    const run = await lockRun(tx, projectId, input.experimentRunId);
    if (!run) throw new AppError("not_found", "experiment_run", "There is no such run.");
    const versions = await versionsOf(tx, { projectId, modelVersionId: null, experimentRunId: run.id });
    return {
      modelVersionId: null,
      experimentRunId: run.id,
      label: run.name,
      node: { kind: "experiment_run", reference: run.id, label: run.name },
      versionIds: versions.map(({ id }) => id),
      runId: run.id,
    };
  }
  const version = await loadVersion(tx, projectId, input.modelVersionId);
  if (version.experimentRunId) await lockRun(tx, projectId, version.experimentRunId);
  else
    await tx
      .select({ id: modelVersions.id })
      .from(modelVersions)
      .where(eq(modelVersions.id, version.id))
      .for("no key update");
  return {
    modelVersionId: version.id,
    experimentRunId: null,
    label: `v${version.version}`,
    node: { kind: "model_version", reference: version.id, label: version.name },
    versionIds: [version.id],
    runId: version.experimentRunId,
  };
}

async function openReviewFor(tx: Transaction, projectId: string, subject: Subject) {
  const [open] = await tx
    .select({ number: reviews.number })
    .from(reviews)
    .where(
      and(
        eq(reviews.projectId, projectId),
        eq(reviews.state, "open"),
        or(
          subject.versionIds.length > 0 ? inArray(reviews.modelVersionId, [...subject.versionIds]) : undefined,
          subject.runId ? eq(reviews.experimentRunId, subject.runId) : undefined,
        ),
      ),
    )
    .orderBy(desc(reviews.id))
    .limit(1);
  return open ?? null;
}

/**
 * Opens a review of an experiment run or of a model version, against the version in production. At most one is open for
 * a subject (`conflict`, with an audit row); a run's review speaks for the version registered from it. The evidence is
 * frozen after the commit.
 */
export async function openReview(ctx: ServiceContext, scope: Scope<"reviews.comment">, input: OpenReview) {
  const { userId } = personOf(scope);
  const caller = { ctx, scope };
  const { projectId } = scope;
  const result = await ctx.db.transaction(async (tx) => {
    const subject = await lockSubject(tx, projectId, input.subject);
    const known = await openReviewFor(tx, projectId, subject);
    if (known) {
      const refusal = new AppError(
        "conflict",
        "open_review",
        `${reviewName(known.number)} of ${subject.node.label} is open. Go on there, or close it first.`,
        { number: known.number },
      );
      await audit(tx, caller, {
        action: "reviews.open_refused",
        entity: { kind: subject.node.kind, id: subject.node.reference },
        summary: `was refused to open a review of ${subject.node.label}: ${refusal.message}`,
        details: { reason: refusal.reason },
      });
      return { refusal };
    }
    const id = newId();
    const row = {
      id,
      projectId,
      description: input.description,
      modelVersionId: subject.modelVersionId,
      experimentRunId: subject.experimentRunId,
      openedBy: userId,
      createdAt: ctx.clock(),
    };
    const { base } = await planOf(tx, { ...row, baseVersionId: null });
    const title = input.title || titleOf(subject.label, base);
    // Before the project's counter, which is the last lock that a transaction takes.
    await holdReviewed(tx, scope.projectId, row);
    await recordLineage(tx, projectId, [
      { from: subject.node, to: { kind: "review", reference: id, label: title }, kind: "reviewed_by" },
    ]);
    const number = await nextNumber(tx, projectId);
    await tx.insert(reviews).values({ ...row, number, title, baseVersionId: base?.id ?? null });
    const reopened = await evaluateReviewed(tx, caller, row);
    await audit(tx, caller, {
      action: "reviews.opened",
      entity: { kind: "review", id },
      summary: `opened ${reviewName(number)}: ${title}`,
      details: { number, subject: subject.node, baseVersionId: base?.id ?? null },
    });
    await enqueue(tx, reviewEvidenceNudge(id), ctx.requestId);
    await publishReviewed(tx, projectId, { reviewId: id, reopened });
    return { refusal: null, review: { id, number, title } };
  });
  if (result.refusal) throw result.refusal;
  return result.review;
}
