import { and, eq } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { datasets, datasetVersions } from "@/db/schema/data";
import { deployments } from "@/db/schema/deployments";
import { environments } from "@/db/schema/promotions";
import { modelVersions, registeredModels } from "@/db/schema/registry";
import { type Review, type ReviewedVersion, reviewPolicy, versionsOf } from "./record";

/**
 * The version in production that something is compared with: of the same model, or, for a run that no version was
 * registered from yet, of the one model that serves there. Null where there is none.
 */
async function servingBase(db: Executor, projectId: string, modelId: string | null): Promise<ReviewedVersion | null> {
  const rows = await db
    .select({ version: modelVersions, model: registeredModels.name })
    .from(deployments)
    .innerJoin(environments, and(eq(environments.id, deployments.environmentId), eq(environments.name, "production")))
    .innerJoin(modelVersions, eq(modelVersions.id, deployments.modelVersionId))
    .innerJoin(registeredModels, eq(registeredModels.id, modelVersions.modelId))
    .where(
      and(
        eq(deployments.projectId, projectId),
        eq(deployments.state, "active"),
        modelId ? eq(deployments.modelId, modelId) : undefined,
      ),
    )
    .limit(2);
  const [only] = rows;
  if (!only || rows.length > 1) return null;
  return { ...only.version, model: only.model, name: `${only.model} v${only.version.version}` };
}

async function versionById(db: Executor, projectId: string, id: string | null): Promise<ReviewedVersion | null> {
  if (!id) return null;
  const [version] = await versionsOf(db, { projectId, modelVersionId: id, experimentRunId: null });
  return version ?? null;
}

/** What a review compares, and on which rows, as the record says now. */
export async function planOf(
  db: Executor,
  review: Pick<Review, "projectId" | "modelVersionId" | "experimentRunId" | "baseVersionId">,
) {
  const { projectId } = review;
  const [[candidate], policy] = await Promise.all([versionsOf(db, review), reviewPolicy(db, projectId)]);
  const serving = await servingBase(db, projectId, candidate?.modelId ?? null);
  // Once the candidate serves itself, it stays compared with what it replaced.
  const base =
    serving && serving.id === candidate?.id ? await versionById(db, projectId, review.baseVersionId) : serving;
  const [holdout] = policy
    ? await db
        .select({ version: datasetVersions, name: datasets.name })
        .from(datasetVersions)
        .innerJoin(datasets, eq(datasets.id, datasetVersions.datasetId))
        .where(eq(datasetVersions.id, policy.rules.holdoutDatasetVersionId))
    : [];
  return {
    candidate: candidate ?? null,
    base,
    evaluation:
      policy && holdout
        ? {
            datasetVersionId: holdout.version.id,
            dataset: `${holdout.name} v${holdout.version.version}`,
            digest: holdout.version.digest,
            parquetSha256: holdout.version.parquetSha256,
            schema: holdout.version.schema,
            rows: holdout.version.rows,
            target: policy.rules.target,
            metric: policy.rules.metric,
          }
        : null,
  };
}
export type ReviewPlan = Awaited<ReturnType<typeof planOf>>;

export function isSamePlan(a: ReviewPlan, b: ReviewPlan): boolean {
  return (
    a.candidate?.id === b.candidate?.id &&
    a.base?.id === b.base?.id &&
    a.evaluation?.digest === b.evaluation?.digest &&
    a.evaluation?.target === b.evaluation?.target &&
    a.evaluation?.metric === b.evaluation?.metric
  );
}

/** The title of a review that nobody named. */
export function titleOf(subject: string, base: Pick<ReviewedVersion, "version"> | null): string {
  return base ? `Replace v${base.version} by ${subject}` : `First review of ${subject}`;
}
