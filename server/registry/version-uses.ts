import { and, eq, isNull, type SQL, sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { modelVersions, registeredModels } from "@/db/schema/registry";
import type { VersionUse } from "@/domain/registry/policy";

/** Whether versions were deployed, proposed or evaluated: what keeps them from being deleted. */
export async function usesOf(db: Executor, condition: SQL | undefined): Promise<readonly VersionUse[]> {
  const rows = await db
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
