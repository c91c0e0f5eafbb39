import { eq } from "drizzle-orm";
import { registeredModels } from "@/db/schema/registry";
import { AppError } from "@/domain/errors";
import type { KeyValue } from "@/domain/experiments/types";
import type { Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { mapOf } from "../experiments/create-logged-model";
import { publishEvent } from "../notifications/publish-event";
import { modelByName, type RegisteredModel } from "./model-lookup";
import { ensureModel } from "./registration";

/** A registered model without versions; its name is free in the project. */
export async function createRegisteredModel(
  ctx: ServiceContext,
  scope: Scope<"registry.register">,
  input: { readonly name: string; readonly description?: string | undefined; readonly tags: readonly KeyValue[] },
): Promise<RegisteredModel> {
  return ctx.db.transaction(async (tx) => {
    const isNew = await ensureModel(tx, ctx, scope, input.name);
    if (!isNew)
      throw new AppError("already_exists", "model_name", `Registered Model (name=${input.name}) already exists.`);
    const model = await modelByName(tx, scope.projectId, input.name);
    const [described] = await tx
      .update(registeredModels)
      .set({ description: input.description ?? "", tags: mapOf(input.tags) })
      .where(eq(registeredModels.id, model.id))
      .returning();
    await publishEvent(tx, scope.projectId, "registry", model.id);
    return described ?? model;
  });
}
