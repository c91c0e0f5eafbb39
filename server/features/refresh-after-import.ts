import { and, desc, eq } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { featureViews, featureViewVersions, materializations } from "@/db/schema/features";
import type { Caller } from "../audit/audit-caller";
import { isOneOpen, openMaterialization } from "./open-materialization";

/**
 * Carries new data on to the online table: for each view over the dataset, the newest version that was published is
 * copied again. Called in the import's transaction. Where a copy is under way, the end of that one looks for newer data.
 */
export async function refreshAfterImport(
  tx: Transaction,
  caller: Caller,
  imported: { readonly datasetId: string; readonly datasetVersionId: string },
): Promise<void> {
  const views = await tx
    .select({ id: featureViews.id })
    .from(featureViews)
    .where(and(eq(featureViews.datasetId, imported.datasetId), eq(featureViews.projectId, caller.scope.projectId)))
    .orderBy(featureViews.id)
    .for("no key update");
  for (const view of views) {
    const viewVersionId = await publishedVersion(tx, view.id);
    if (viewVersionId === null || (await isOneOpen(tx, viewVersionId))) continue;
    await openMaterialization(tx, caller, {
      viewVersionId,
      datasetVersionId: imported.datasetVersionId,
      trigger: "import",
      startedBy: null,
    });
  }
}

/** The newest version of a view whose values are online. */
async function publishedVersion(tx: Transaction, viewId: string): Promise<string | null> {
  const [found] = await tx
    .select({ id: featureViewVersions.id })
    .from(featureViewVersions)
    .innerJoin(
      materializations,
      and(eq(materializations.viewVersionId, featureViewVersions.id), eq(materializations.state, "succeeded")),
    )
    .where(eq(featureViewVersions.viewId, viewId))
    .orderBy(desc(featureViewVersions.version))
    .limit(1);
  return found?.id ?? null;
}
