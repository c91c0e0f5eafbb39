import { eq } from "drizzle-orm";
import { modelAliases, modelVersions } from "@/db/schema/registry";
import { AppError } from "@/domain/errors";
import { deletionRefusal } from "@/domain/registry/policy";
import type { Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { auditOutcome } from "../experiments/outcome-audit";
import { publishEvent } from "../notifications/publish-event";
import { modelByName, versionByNumber } from "./model-lookup";
import { usesOf } from "./version-uses";

/** Deletes a version (its number stays taken) with its aliases; one that was deployed or proposed stays. */
export async function deleteModelVersion(
  ctx: ServiceContext,
  scope: Scope<"registry.retire">,
  input: { readonly name: string; readonly version: number },
): Promise<void> {
  const refusal = await ctx.db.transaction(async (tx) => {
    const model = await modelByName(tx, scope.projectId, input.name, { isLocked: true });
    const version = await versionByNumber(tx, model, input.version);
    const refused = deletionRefusal(await usesOf(tx, eq(modelVersions.id, version.id)));
    if (!refused) {
      await tx.delete(modelAliases).where(eq(modelAliases.modelVersionId, version.id));
      await tx.update(modelVersions).set({ deletedAt: ctx.clock() }).where(eq(modelVersions.id, version.id));
    }
    await auditOutcome(tx, ctx, scope, {
      entity: { kind: "model_version", id: version.id },
      action: "registry.version_deleted",
      refusedAction: "registry.version_delete_refused",
      summary: `deleted ${model.name} v${version.version}`,
      refusedSummary: `tried to delete ${model.name} v${version.version}`,
      refusal: refused,
    });
    if (!refused) await publishEvent(tx, scope.projectId, "registry", model.id);
    return refused;
  });
  if (refusal) throw new AppError("forbidden", "version_in_use", refusal);
}
