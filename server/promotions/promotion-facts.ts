import { and, desc, eq, inArray, isNull } from "drizzle-orm";
import type { Executor, Transaction } from "@/db/client";
import { deployments } from "@/db/schema/deployments";
import { pipelineRuns, pipelineVersions, sourceBundles } from "@/db/schema/pipelines";
import { projects } from "@/db/schema/projects";
import { environments, policyVersions, promotions } from "@/db/schema/promotions";
import { modelVersions, registeredModels } from "@/db/schema/registry";
import { AppError } from "@/domain/errors";
import type { Contributors } from "@/domain/promotions/barred";
import type { EnvironmentName } from "@/domain/promotions/status";
import { findingAccepterOf } from "../feedback/finding-accepter";

export type Environment = typeof environments.$inferSelect;
export type Promotion = typeof promotions.$inferSelect;
export type PolicyVersion = typeof policyVersions.$inferSelect;

/** Takes the environment's row: who deploys, publishes or proposes for it queues here. Always taken before a promotion's row. */
export async function lockEnvironment(
  tx: Transaction,
  projectId: string,
  by: { readonly name: EnvironmentName } | { readonly id: string },
): Promise<Environment> {
  const [environment] = await tx
    .select()
    .from(environments)
    .where(
      and(
        eq(environments.projectId, projectId),
        "name" in by ? eq(environments.name, by.name) : eq(environments.id, by.id),
      ),
    )
    .for("no key update");
  if (!environment) throw new AppError("not_found", "environment", "There is no such environment.");
  return environment;
}

/** Takes the promotion's row within the project. */
export async function lockPromotion(tx: Transaction, projectId: string, promotionId: string): Promise<Promotion> {
  const [promotion] = await tx
    .select()
    .from(promotions)
    .where(and(eq(promotions.id, promotionId), eq(promotions.projectId, projectId)))
    .for("no key update");
  if (!promotion) throw new AppError("not_found", "promotion", "There is no such promotion.");
  return promotion;
}

/** The newest policy version of an environment, which is the current one. */
export async function currentPolicy(db: Executor, environmentId: string): Promise<PolicyVersion | null> {
  const [policy] = await db
    .select()
    .from(policyVersions)
    .where(eq(policyVersions.environmentId, environmentId))
    .orderBy(desc(policyVersions.version))
    .limit(1);
  return policy ?? null;
}

/** "production v4": what signatures and pages call a policy version. */
export function policyName(environment: EnvironmentName, policy: Pick<PolicyVersion, "version">): string {
  return `${environment} v${policy.version}`;
}

/** The version that an environment serves for a model, with the deployment that brought it; null for none. */
export async function servingVersion(db: Executor, environmentId: string, modelId: string) {
  const [active] = await db
    .select({ deploymentId: deployments.id, modelVersionId: deployments.modelVersionId })
    .from(deployments)
    .where(
      and(
        eq(deployments.environmentId, environmentId),
        eq(deployments.modelId, modelId),
        eq(deployments.state, "active"),
      ),
    );
  return active ?? null;
}

/** Whether the environment that must come first serves the version; null where none must. */
export async function orderOf(
  db: Executor,
  environment: Environment,
  version: { readonly id: string; readonly modelId: string },
) {
  if (!environment.requires) return null;
  const [before] = await db
    .select({ id: environments.id })
    .from(environments)
    .where(and(eq(environments.projectId, environment.projectId), eq(environments.name, environment.requires)));
  const serving = before ? await servingVersion(db, before.id, version.modelId) : null;
  return { requires: environment.requires, isServing: serving?.modelVersionId === version.id };
}

/**
 * A version that is not deleted, with its model's name and the project's risk class. `isLocked` keeps it from being
 * deleted until the transaction ends.
 */
export async function loadVersion(
  db: Executor,
  projectId: string,
  modelVersionId: string,
  options: { readonly isLocked?: boolean } = {},
) {
  const query = db
    .select({ version: modelVersions, model: registeredModels.name, risk: projects.risk })
    .from(modelVersions)
    .innerJoin(registeredModels, eq(registeredModels.id, modelVersions.modelId))
    .innerJoin(projects, eq(projects.id, modelVersions.projectId))
    .where(
      and(
        eq(modelVersions.id, modelVersionId),
        eq(modelVersions.projectId, projectId),
        isNull(modelVersions.deletedAt),
      ),
    );
  const [row] = await (options.isLocked ? query.for("share", { of: modelVersions }) : query);
  if (!row) throw new AppError("not_found", "model_version", "There is no such model version.");
  return { ...row.version, model: row.model, risk: row.risk, name: `${row.model} v${row.version.version}` };
}
export type LoadedVersion = Awaited<ReturnType<typeof loadVersion>>;

/** Who took part on the way to a version's promotion, as the record says. */
export async function contributorsOf(db: Executor, version: LoadedVersion, proposedBy: string): Promise<Contributors> {
  const [run] = version.pipelineRunId
    ? await db
        .select({ number: pipelineRuns.number, startedBy: pipelineRuns.startedBy, pushedBy: sourceBundles.pushedBy })
        .from(pipelineRuns)
        .innerJoin(pipelineVersions, eq(pipelineVersions.id, pipelineRuns.pipelineVersionId))
        .innerJoin(sourceBundles, eq(sourceBundles.id, pipelineVersions.bundleId))
        .where(eq(pipelineRuns.id, version.pipelineRunId))
    : [];
  const findingAcceptedBy = version.pipelineRunId ? await findingAccepterOf(db, version.pipelineRunId) : null;
  return {
    proposedBy,
    run: run ?? null,
    registeredBy: version.registeredBy,
    findingAcceptedBy,
    versionName: `v${version.version}`,
  };
}

/** Numbers of the open promotions of a model to an environment; there is at most one. */
export async function openPromotionOf(db: Executor, environmentId: string, modelId: string) {
  const [open] = await db
    .select({ id: promotions.id, number: promotions.number })
    .from(promotions)
    .where(
      and(
        eq(promotions.environmentId, environmentId),
        eq(promotions.modelId, modelId),
        inArray(promotions.state, ["evaluating", "waiting", "deploying"]),
      ),
    );
  return open ?? null;
}
