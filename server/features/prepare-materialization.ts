import { and, eq } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { datasets, datasetVersions } from "@/db/schema/data";
import { featureViews, featureViewVersions, materializations } from "@/db/schema/features";
import { AppError } from "@/domain/errors";
import type { ServiceContext } from "../context";
import { publishEvent } from "../notifications/publish-event";
import { takeSnapshot } from "./snapshot";

/** A copy with what it copies. For workflows: not scoped by a person's project. */
export async function loadMaterialization(db: Executor, materializationId: string) {
  const [row] = await db
    .select({
      copy: materializations,
      version: featureViewVersions,
      view: featureViews,
      data: { id: datasetVersions.id, version: datasetVersions.version, parquetSha256: datasetVersions.parquetSha256 },
      dataset: { id: datasets.id, name: datasets.name },
    })
    .from(materializations)
    .innerJoin(featureViewVersions, eq(featureViewVersions.id, materializations.viewVersionId))
    .innerJoin(featureViews, eq(featureViews.id, featureViewVersions.viewId))
    .innerJoin(datasetVersions, eq(datasetVersions.id, materializations.datasetVersionId))
    .innerJoin(datasets, eq(datasets.id, datasetVersions.datasetId))
    .where(eq(materializations.id, materializationId));
  if (!row) throw new AppError("not_found", "materialization", "There is no such materialisation.");
  return row;
}
export type LoadedMaterialization = Awaited<ReturnType<typeof loadMaterialization>>;

/** Takes the offline snapshot of a queued copy and notes how far it reaches. Called again it changes nothing. */
export async function prepareMaterialization(ctx: ServiceContext, materializationId: string): Promise<void> {
  const { copy, version, view, data } = await loadMaterialization(ctx.db, materializationId);
  if (copy.state !== "queued") return;
  const snapshot = await takeSnapshot(ctx, version.definition, data.parquetSha256);
  await ctx.db.transaction(async (tx) => {
    await tx
      .update(materializations)
      .set({
        state: "copying",
        startedAt: ctx.clock(),
        snapshotSha256: snapshot.sha256,
        snapshotRows: snapshot.rows,
        watermark: snapshot.watermark,
      })
      .where(and(eq(materializations.id, copy.id), eq(materializations.state, "queued")));
    await publishEvent(tx, copy.projectId, "features", view.id);
  });
}
