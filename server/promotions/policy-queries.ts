import { desc, eq, inArray } from "drizzle-orm";
import { datasets, datasetVersions } from "@/db/schema/data";
import { users } from "@/db/schema/identity";
import { mlProblems, projects } from "@/db/schema/projects";
import { environments, policyVersions } from "@/db/schema/promotions";
import { defaultRequiredRoles } from "@/domain/promotions/policy";
import type { Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";

/** Each environment with its policy versions, newest first: the first is the current one. */
export async function listPolicies(ctx: ServiceContext, scope: Scope<"promotions.read">) {
  const [all, versions, holdouts] = await Promise.all([
    ctx.db
      .select()
      .from(environments)
      .where(eq(environments.projectId, scope.projectId))
      .orderBy(desc(environments.name)),
    ctx.db
      .select({ policy: policyVersions, publishedBy: users.name })
      .from(policyVersions)
      .innerJoin(users, eq(users.id, policyVersions.createdBy))
      .where(eq(policyVersions.projectId, scope.projectId))
      .orderBy(desc(policyVersions.version)),
    holdoutNames(ctx, scope.projectId),
  ]);
  return all.map((environment) => ({
    environment: environment.name,
    requires: environment.requires,
    versions: versions
      .filter(({ policy }) => policy.environmentId === environment.id)
      .map(({ policy, publishedBy }) => ({
        id: policy.id,
        version: policy.version,
        rules: policy.rules,
        requiredRoles: policy.requiredRoles,
        digest: policy.digest,
        publishedBy,
        createdAt: policy.createdAt,
        holdout: holdouts.get(policy.rules.holdoutDatasetVersionId) ?? "a hold-out that is not found",
      })),
  }));
}

async function holdoutNames(ctx: ServiceContext, projectId: string): Promise<ReadonlyMap<string, string>> {
  const published = await ctx.db
    .select({ rules: policyVersions.rules })
    .from(policyVersions)
    .where(eq(policyVersions.projectId, projectId));
  const ids = [...new Set(published.map(({ rules }) => rules.holdoutDatasetVersionId))];
  if (ids.length === 0) return new Map();
  const rows = await ctx.db
    .select({ id: datasetVersions.id, name: datasets.name, version: datasetVersions.version })
    .from(datasetVersions)
    .innerJoin(datasets, eq(datasets.id, datasetVersions.datasetId))
    .where(inArray(datasetVersions.id, ids));
  return new Map(rows.map((row) => [row.id, `${row.name} v${row.version}`]));
}

/** What the form of a new policy version offers: hold-outs, versions of the ML problem definition, the roles that the risk class asks for. */
export async function policyChoices(ctx: ServiceContext, scope: Scope<"promotions.read">) {
  const [[project], holdouts, problems] = await Promise.all([
    ctx.db.select({ risk: projects.risk }).from(projects).where(eq(projects.id, scope.projectId)),
    ctx.db
      .select({
        id: datasetVersions.id,
        name: datasets.name,
        version: datasetVersions.version,
        rows: datasetVersions.rows,
        isHoldout: datasets.isHoldout,
      })
      .from(datasetVersions)
      .innerJoin(datasets, eq(datasets.id, datasetVersions.datasetId))
      .where(eq(datasetVersions.projectId, scope.projectId))
      .orderBy(datasets.name, desc(datasetVersions.version)),
    ctx.db
      .select({
        version: mlProblems.version,
        metric: mlProblems.metric,
        target: mlProblems.target,
        acceptanceThreshold: mlProblems.acceptanceThreshold,
      })
      .from(mlProblems)
      .where(eq(mlProblems.projectId, scope.projectId))
      .orderBy(desc(mlProblems.version)),
  ]);
  const risk = project?.risk ?? "high";
  return {
    risk,
    holdouts: holdouts
      .filter(({ isHoldout }) => isHoldout)
      .map(({ id, name, version, rows }) => ({ id, name: `${name} v${version}`, rows })),
    problems,
    requiredRoles: {
      staging: defaultRequiredRoles("staging", risk),
      production: defaultRequiredRoles("production", risk),
    },
  };
}
