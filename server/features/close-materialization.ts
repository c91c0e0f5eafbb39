import { and, desc, eq, gt, inArray } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { datasetVersions } from "@/db/schema/data";
import { featureViews, materializations } from "@/db/schema/features";
import type { Parity } from "@/domain/features/types";
import { viewVersionName } from "@/domain/features/view-reference";
import { audit, type Caller } from "../audit/audit-caller";
import type { ServiceContext } from "../context";
import { recordLineage } from "../lineage/record-lineage";
import { publishEvent } from "../notifications/publish-event";
import { openMaterialization } from "./open-materialization";
import { type LoadedMaterialization, loadMaterialization } from "./prepare-materialization";
import { systemCaller } from "./record";

export type MaterializationEnd =
  | { readonly state: "succeeded"; readonly parity: Parity }
  | { readonly state: "failed"; readonly reason: string; readonly parity?: Parity };

/**
 * Ends a copy: its parity or the reason why it failed, an audit row, lineage. A copy whose online rows differ from the
 * offline ones has failed. Data that was imported meanwhile is copied next, also
 * after a failure. Called again it changes nothing.
 */
export async function closeMaterialization(
  ctx: ServiceContext,
  materializationId: string,
  end: MaterializationEnd,
): Promise<void> {
  const loaded = await loadMaterialization(ctx.db, materializationId);
  const { copy, version, view, data, dataset } = loaded;
  const caller = await systemCaller(ctx, copy.projectId);
  await ctx.db.transaction(async (tx) => {
    await tx
      .select({ id: featureViews.id })
      .from(featureViews)
      .where(eq(featureViews.id, view.id))
      .for("no key update");
    const outcome = outcomeOf(end);
    const closed = await tx
      .update(materializations)
      .set({ state: outcome.state, reason: outcome.reason, parity: end.parity ?? null, finishedAt: ctx.clock() })
      .where(and(eq(materializations.id, copy.id), inArray(materializations.state, ["queued", "copying"])))
      .returning({ id: materializations.id });
    if (closed.length === 0) return;
    const name = viewVersionName(view.name, version.version);
    const from = `${dataset.name} v${data.version}`;
    const isDone = outcome.state === "succeeded";
    await audit(tx, caller, {
      action: isDone ? "features.materialized" : "features.materialization_failed",
      entity: { kind: "materialization", id: copy.id },
      summary: isDone
        ? `copied ${copy.snapshotRows ?? 0} rows of ${name} from ${from} to the online table`
        : `could not copy ${name} from ${from}: ${outcome.reason}`,
      details: { viewVersionId: version.id, datasetVersionId: data.id, ...(end.parity && { parity: end.parity }) },
    });
    if (isDone) await recordLineage(tx, copy.projectId, lineageOf(loaded, name));
    await carryOn(tx, caller, loaded);
    await publishEvent(tx, copy.projectId, "features", view.id);
  });
}

function outcomeOf(end: MaterializationEnd) {
  if (end.state === "failed") return { state: "failed" as const, reason: end.reason };
  const { different } = end.parity;
  if (different === 0) return { state: "succeeded" as const, reason: null };
  return {
    state: "failed" as const,
    reason: `${different} ${different === 1 ? "row differs" : "rows differ"} between the snapshot and the online table.`,
  };
}

function lineageOf({ copy, version, data, dataset }: LoadedMaterialization, name: string) {
  const to = { kind: "materialization" as const, reference: copy.id, label: `${name} online` };
  return [
    {
      from: { kind: "feature_view" as const, reference: version.id, label: name },
      to,
      kind: "materialized_as" as const,
    },
    {
      from: { kind: "dataset_version" as const, reference: data.id, label: `${dataset.name} v${data.version}` },
      to,
      kind: "materialized_as" as const,
    },
  ];
}

/** An import during the copy opened none of its own: the newest data is copied now. */
async function carryOn(tx: Transaction, caller: Caller, { copy, data, dataset }: LoadedMaterialization): Promise<void> {
  const [newer] = await tx
    .select({ id: datasetVersions.id })
    .from(datasetVersions)
    .where(and(eq(datasetVersions.datasetId, dataset.id), gt(datasetVersions.version, data.version)))
    .orderBy(desc(datasetVersions.version))
    .limit(1);
  if (!newer) return;
  await openMaterialization(tx, caller, {
    viewVersionId: copy.viewVersionId,
    datasetVersionId: newer.id,
    trigger: "import",
    startedBy: null,
  });
}
