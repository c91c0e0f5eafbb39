import { eq } from "drizzle-orm";
import { modelAliases, modelVersions, registeredModels } from "@/db/schema/registry";
import { AppError } from "@/domain/errors";
import { deletionRefusal } from "@/domain/registry/policy";
import type { Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { auditOutcome } from "../experiments/outcome-audit";
import { publishEvent } from "../notifications/publish-event";
import { modelByName } from "./model-lookup";
import { usesOf } from "./version-uses";

/** Deletes a registered model with its versions, so that the name is free again; one that was deployed or proposed stays. */
export async function deleteRegisteredModel(
  ctx: ServiceContext,
  scope: Scope<"registry.retire">,
  name: string,
): Promise<void> {
  const refusal = await ctx.db.transaction(async (tx) => {
    const model = await modelByName(tx, scope.projectId, name, { isLocked: true });
    const refused = deletionRefusal(await usesOf(tx, eq(modelVersions.modelId, model.id)));
    if (!refused) {
      await tx.delete(modelAliases).where(eq(modelAliases.modelId, model.id));
      await tx.delete(modelVersions).where(eq(modelVersions.modelId, model.id));
      await tx.delete(registeredModels).where(eq(registeredModels.id, model.id));
    }
    await auditOutcome(tx, ctx, scope, {
      entity: { kind: "registered_model", id: model.id },
      action: "registry.model_deleted",
      refusedAction: "registry.model_delete_refused",
      summary: `deleted the registered model ${model.name}`,
      refusedSummary: `tried to delete the registered model ${model.name}`,
      refusal: refused,
    });
    if (!refused) await publishEvent(tx, scope.projectId, "registry", model.id);
    return refused;
  });
  if (refusal) throw new AppError("forbidden", "model_in_use", refusal);
}
