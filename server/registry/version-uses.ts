import { and, eq, isNull, type SQL, sql } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { modelVersions, registeredModels } from "@/db/schema/registry";
import type { VersionUse } from "@/domain/registry/policy";

/**
 * Whether versions were deployed, proposed or evaluated: what keeps them from being deleted. Takes their rows first, so
 * that a proposal under way is waited for and none begins meanwhile.
 */
export async function usesOf(tx: Transaction, condition: SQL | undefined): Promise<readonly VersionUse[]> {
  await tx
    .select({ id: modelVersions.id })
    .from(modelVersions)
    .where(condition)
    .orderBy(modelVersions.id)
    .for("no key update");
  const rows = await tx
    .select({
      name: registeredModels.name,
      version: modelVersions.version,
      isDeployed: sql<boolean>`exists (select 1 from deployments d where d.model_version_id = ${modelVersions.id})`,
      promotions: sql<number>`(select count(*)::int from promotions p where p.model_version_id = ${modelVersions.id})`,
      evaluations: sql<number>`(select count(*)::int from model_evaluations e where e.model_version_id = ${modelVersions.id})`,
    })
    .from(modelVersions)
    .innerJoin(registeredModels, eq(registeredModels.id, modelVersions.modelId))
    .where(and(condition, isNull(modelVersions.deletedAt)));
  return rows.map(({ name, version, ...use }) => ({ ...use, label: `${name} v${version}` }));
}
