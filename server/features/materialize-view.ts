import { and, eq } from "drizzle-orm";
import { featureViews, materializations } from "@/db/schema/features";
import { AppError } from "@/domain/errors";
import type { ViewVersionRef } from "@/domain/features/contracts";
import { materializationRefusal } from "@/domain/features/policy";
import { viewVersionName } from "@/domain/features/view-reference";
import { audit } from "../audit/audit-caller";
import { userIdOf } from "../authz/actor";
import type { Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { publishEvent } from "../notifications/publish-event";
import { isOneOpen, openMaterialization } from "./open-materialization";
import { loadVersion, newestDatasetVersion } from "./record";

/**
 * Copies the newest value of each entity to the online table, from the newest version of the dataset. The first time
 * is publishing, which a data engineer does (`features.publish`); afterwards whoever runs production may do it again.
 * Refused attempts leave an audit row.
 */
export async function materializeView(
  ctx: ServiceContext,
  scope: Scope<"features.publish" | "features.run_production">,
  input: ViewVersionRef & { readonly mayPublish: boolean },
) {
  const caller = { ctx, scope };
  const result = await ctx.db.transaction(async (tx) => {
    const { version, view, isSigned } = await loadVersion(tx, scope.projectId, input.viewVersionId);
    await tx.select().from(featureViews).where(eq(featureViews.id, view.id)).for("no key update");
    const name = viewVersionName(view.name, version.version);
    const data = await newestDatasetVersion(tx, view.datasetId);
    const published = await tx.$count(
      materializations,
      and(eq(materializations.viewVersionId, version.id), eq(materializations.state, "succeeded")),
    );
    const refusal = materializationRefusal({
      name,
      isSigned,
      hasDatasetVersion: data !== null,
      isOneOpen: await isOneOpen(tx, version.id),
      mayPublish: input.mayPublish,
      isPublished: published > 0,
    });
    const entity = { kind: "feature_view_version", id: version.id } as const;
    if (refusal || !data) {
      const known = refusal ?? {
        code: "precondition_failed" as const,
        reason: "no_data",
        sentence: "There is no data.",
      };
      await audit(tx, caller, {
        action: "features.publish_refused",
        entity,
        summary: `was refused to publish ${name}: ${known.sentence}`,
        details: { reason: known.reason },
      });
      return { refusal: known };
    }
    const materializationId = await openMaterialization(tx, caller, {
      viewVersionId: version.id,
      datasetVersionId: data.version.id,
      trigger: "person",
      startedBy: userIdOf(scope.actor),
    });
    const from = `${data.dataset.name} v${data.version.version}`;
    await audit(tx, caller, {
      action: published > 0 ? "features.refreshed" : "features.published",
      entity,
      summary: `${published > 0 ? "refreshed the online values of" : "published"} ${name} from ${from}`,
      details: { materializationId, datasetVersionId: data.version.id, digest: version.digest },
    });
    await publishEvent(tx, scope.projectId, "features", view.id);
    return { refusal: null, materializationId };
  });
  if (result.refusal) throw new AppError(result.refusal.code, result.refusal.reason, result.refusal.sentence);
  return { materializationId: result.materializationId };
}
