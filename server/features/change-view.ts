import { and, eq } from "drizzle-orm";
import { featureViews } from "@/db/schema/features";
import { AppError } from "@/domain/errors";
import type { ChangeView } from "@/domain/features/contracts";
import { definitionChanges } from "@/domain/features/definition";
import { viewVersionName } from "@/domain/features/view-reference";
import { audit } from "../audit/audit-caller";
import { recordingRefusal } from "../audit/record-refusal";
import { personOf, type Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { publishEvent } from "../notifications/publish-event";
import { addVersion } from "./add-version";
import { checkDefinition } from "./check-definition";
import { newestDatasetVersion, versionsOf } from "./record";

/**
 * Adds a version to a feature view; earlier ones stay as they are, with their signatures. `conflict` where somebody
 * else has saved since, `precondition_failed` (`unchanged`) where the definition says the same.
 */
export function changeView(ctx: ServiceContext, scope: Scope<"features.edit">, input: ChangeView) {
  const tried = {
    action: "features.change_refused",
    entity: { kind: "feature_view", id: input.viewId },
    summary: "was refused to change a feature view",
  };
  return recordingRefusal(ctx, scope, tried, () => saveVersion(ctx, scope, input));
}

async function saveVersion(ctx: ServiceContext, scope: Scope<"features.edit">, input: ChangeView) {
  const { userId } = personOf(scope);
  const { viewId, basedOn, ...draft } = input;
  const [view] = await ctx.db
    .select()
    .from(featureViews)
    .where(and(eq(featureViews.id, viewId), eq(featureViews.projectId, scope.projectId)));
  if (!view) throw new AppError("not_found", "feature_view", "There is no such feature view.");
  const newest = await newestDatasetVersion(ctx.db, view.datasetId);
  if (!newest) throw new AppError("precondition_failed", "no_data", "The dataset has no version yet.");
  const data = newest.version;
  const definition = await checkDefinition(ctx, { ...draft, name: view.name, dataset: newest.dataset.name }, data);
  const caller = { ctx, scope };
  return ctx.db.transaction(async (tx) => {
    await tx.select().from(featureViews).where(eq(featureViews.id, view.id)).for("no key update");
    const [last] = await versionsOf(tx, view.id);
    if (!last || last.version !== basedOn)
      throw new AppError(
        "conflict",
        "newer_version",
        `${viewVersionName(view.name, last?.version ?? 1)} was saved since you opened this. Look at it again, then save.`,
        { version: last?.version },
      );
    const changes = definitionChanges(last.definition, definition);
    if (changes.length === 0)
      throw new AppError(
        "precondition_failed",
        "unchanged",
        `${viewVersionName(view.name, last.version)} says this already.`,
      );
    const version = last.version + 1;
    const added = await addVersion(tx, caller, { viewId: view.id, version, definition, createdBy: userId, data });
    await audit(tx, caller, {
      action: "features.view_changed",
      entity: { kind: "feature_view_version", id: added.id },
      summary: `changed ${view.name}: version ${version}`,
      details: { digest: added.digest, changes },
    });
    await publishEvent(tx, scope.projectId, "features", view.id);
    return { viewId: view.id, name: view.name, ...added };
  });
}
