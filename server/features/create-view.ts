import { and, eq } from "drizzle-orm";
import { datasets } from "@/db/schema/data";
import { featureViews } from "@/db/schema/features";
import { AppError } from "@/domain/errors";
import type { CreateView } from "@/domain/features/contracts";
import { viewVersionName } from "@/domain/features/view-reference";
import { audit } from "../audit/audit-caller";
import { recordingRefusal } from "../audit/record-refusal";
import { personOf, type Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { newId } from "../ids";
import { publishEvent } from "../notifications/publish-event";
import { addVersion } from "./add-version";
import { checkDefinition } from "./check-definition";
import { newestDatasetVersion } from "./record";

/** Finds the data of a view: a dataset of the project with at least one version, and no hold-out. */
async function dataFor(ctx: ServiceContext, projectId: string, name: string) {
  const [dataset] = await ctx.db
    .select({ id: datasets.id, isHoldout: datasets.isHoldout })
    .from(datasets)
    .where(and(eq(datasets.projectId, projectId), eq(datasets.name, name)));
  if (!dataset) throw new AppError("not_found", "dataset", `There is no dataset ${name}.`);
  if (dataset.isHoldout)
    throw new AppError("precondition_failed", "holdout", `${name} is a hold-out: no features are made from it.`);
  const newest = await newestDatasetVersion(ctx.db, dataset.id);
  if (!newest)
    throw new AppError("precondition_failed", "no_data", `The dataset ${name} has no version yet. Import one first.`);
  return newest;
}

/** Defines a feature view: version 1, which waits for its two signatures. A refusal leaves its audit row. */
export function createView(ctx: ServiceContext, scope: Scope<"features.edit">, input: CreateView) {
  const tried = {
    action: "features.define_refused",
    entity: { kind: "feature_view", id: scope.projectId },
    summary: `was refused to define the feature view ${input.name}`,
  };
  return recordingRefusal(ctx, scope, tried, () => defineView(ctx, scope, input));
}

async function defineView(ctx: ServiceContext, scope: Scope<"features.edit">, input: CreateView) {
  const { userId } = personOf(scope);
  const { dataset, version: data } = await dataFor(ctx, scope.projectId, input.dataset);
  const definition = await checkDefinition(ctx, input, data);
  const caller = { ctx, scope };
  return ctx.db.transaction(async (tx) => {
    const [view] = await tx
      .insert(featureViews)
      .values({
        id: newId(),
        projectId: scope.projectId,
        name: definition.name,
        datasetId: dataset.id,
        createdBy: userId,
        createdAt: ctx.clock(),
      })
      .onConflictDoNothing()
      .returning();
    if (!view)
      throw new AppError("already_exists", "feature_view", `There is a feature view ${definition.name} already.`);
    const added = await addVersion(tx, caller, { viewId: view.id, version: 1, definition, createdBy: userId, data });
    await audit(tx, caller, {
      action: "features.view_defined",
      entity: { kind: "feature_view_version", id: added.id },
      summary: `defined ${viewVersionName(definition.name, 1)} over ${definition.dataset}`,
      details: { digest: added.digest, columns: definition.columns.map(({ name }) => name) },
    });
    await publishEvent(tx, scope.projectId, "features", view.id);
    return { viewId: view.id, name: view.name, ...added };
  });
}
