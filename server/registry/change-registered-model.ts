import { and, eq, ne } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { modelVersions, registeredModels } from "@/db/schema/registry";
import { AppError } from "@/domain/errors";
import { modelNameProblem } from "@/domain/registry/policy";
import type { Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { auditOutcome } from "../experiments/outcome-audit";
import { publishEvent } from "../notifications/publish-event";
import { refuseSteps } from "./change-alias";
import { modelByName, type RegisteredModel } from "./model-lookup";
import { checkTag } from "./tags";
import { usesOf } from "./version-uses";

export type ModelChange =
  | { readonly kind: "rename"; readonly name: string }
  | { readonly kind: "describe"; readonly description: string }
  | { readonly kind: "set_tag"; readonly key: string; readonly value: string }
  | { readonly kind: "delete_tag"; readonly key: string };

const CHANGED = { rename: "the name", describe: "the description", set_tag: "a tag", delete_tag: "a tag" } as const;

/** Changes name, description or tags of a registered model. One that was proposed or deployed keeps its name: callers use it. */
export async function changeRegisteredModel(
  ctx: ServiceContext,
  scope: Scope<"registry.register">,
  name: string,
  change: ModelChange,
): Promise<void> {
  await refuseSteps(ctx, scope);
  const refusal = await ctx.db.transaction(async (tx) => {
    const model = await modelByName(tx, scope.projectId, name, { isLocked: true });
    const refused = change.kind === "rename" ? await renameRefusal(tx, model, change.name) : null;
    if (!refused)
      await tx
        .update(registeredModels)
        .set({ ...changed(model, change), updatedAt: ctx.clock() })
        .where(eq(registeredModels.id, model.id));
    await auditOutcome(tx, ctx, scope, {
      entity: { kind: "registered_model", id: model.id },
      action: "registry.model_changed",
      refusedAction: "registry.rename_refused",
      summary: `changed ${CHANGED[change.kind]} of ${model.name}`,
      refusedSummary: `tried to rename ${model.name}`,
      details: change,
      refusal: refused,
    });
    if (!refused) await publishEvent(tx, scope.projectId, "registry", model.id);
    return refused;
  });
  if (refusal) throw new AppError("precondition_failed", "model_in_use", refusal);
}

async function renameRefusal(tx: Transaction, model: RegisteredModel, name: string): Promise<string | null> {
  const problem = modelNameProblem(name);
  if (problem) throw new AppError("invalid_input", "model_name", problem);
  const isOther = and(
    eq(registeredModels.projectId, model.projectId),
    eq(registeredModels.name, name),
    ne(registeredModels.id, model.id),
  );
  if ((await tx.$count(registeredModels, isOther)) > 0)
    throw new AppError("already_exists", "model_name", `Registered Model (name=${name}) already exists.`);
  const used = (await usesOf(tx, eq(modelVersions.modelId, model.id))).find(
    (use) => use.isDeployed || use.promotions > 0,
  );
  return used ? `${used.label} was proposed or deployed, and callers use the name ${model.name}, so it stays.` : null;
}

function changed(model: RegisteredModel, change: ModelChange): Partial<RegisteredModel> {
  if (change.kind === "rename") return { name: change.name };
  if (change.kind === "describe") return { description: change.description };
  const { [change.key]: _, ...others } = model.tags;
  if (change.kind === "delete_tag") return { tags: others };
  checkTag(change);
  return { tags: { ...others, [change.key]: change.value } };
}
