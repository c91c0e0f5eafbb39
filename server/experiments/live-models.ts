import { and, eq, inArray, isNull, or, sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { deployments } from "@/db/schema/deployments";
import { promotions } from "@/db/schema/promotions";
import { modelVersions, registeredModels } from "@/db/schema/registry";

/** Versions that came from the runs and are deployed, or have an open promotion: "seattle-rain v2". */
export async function liveModelsOf(db: Executor, runIds: readonly string[]): Promise<readonly string[]> {
  if (runIds.length === 0) return [];
  const isDeployed = sql`exists (select 1 from ${deployments} where ${deployments.modelVersionId} = ${modelVersions.id} and ${deployments.state} in ('pending', 'active'))`;
  const isProposed = sql`exists (select 1 from ${promotions} where ${promotions.modelVersionId} = ${modelVersions.id} and ${promotions.closedAt} is null)`;
  const rows = await db
    .select({ name: registeredModels.name, version: modelVersions.version })
    .from(modelVersions)
    .innerJoin(registeredModels, eq(registeredModels.id, modelVersions.modelId))
    .where(
      and(
        inArray(modelVersions.experimentRunId, [...runIds]),
        isNull(modelVersions.deletedAt),
        or(isDeployed, isProposed),
      ),
    )
    .orderBy(registeredModels.name, modelVersions.version);
  return rows.map((row) => `${row.name} v${row.version}`);
}
