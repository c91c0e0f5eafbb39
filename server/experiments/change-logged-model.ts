import { eq } from "drizzle-orm";
import { loggedModels } from "@/db/schema/experiments";
import { AppError } from "@/domain/errors";
import type { LoggedModelStatus } from "@/domain/experiments/status";
import type { KeyValue } from "@/domain/experiments/types";
import type { Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { publishEvent } from "../notifications/publish-event";
import { mapOf } from "./create-logged-model";
import { type LoggedModelRow, writableModel } from "./logged-models";

export type LoggedModelChange =
  | { readonly kind: "finalize"; readonly status: LoggedModelStatus }
  | { readonly kind: "set_tags"; readonly tags: readonly KeyValue[] }
  | { readonly kind: "delete_tag"; readonly key: string }
  | { readonly kind: "add_params"; readonly params: readonly KeyValue[] }
  /** The outputs of a run name the step at which the model was saved. */
  | { readonly kind: "set_step"; readonly step: number };

/** Changes state, tags, parameters or step of a logged model. */
export async function changeLoggedModel(
  ctx: ServiceContext,
  scope: Scope<"experiments.write">,
  id: string,
  change: LoggedModelChange,
): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    await tx.select({ id: loggedModels.id }).from(loggedModels).where(eq(loggedModels.id, id)).for("no key update");
    const model = await writableModel(tx, scope, id);
    await tx
      .update(loggedModels)
      .set({ ...changed(model, change), updatedMs: ctx.clock().getTime() })
      .where(eq(loggedModels.id, model.id));
    if (model.sourceRunId) await publishEvent(tx, scope.projectId, "experiments", model.sourceRunId);
  });
}

function changed(model: LoggedModelRow, change: LoggedModelChange): Partial<typeof loggedModels.$inferInsert> {
  switch (change.kind) {
    case "finalize":
      return { status: change.status };
    case "set_tags":
      return { tags: { ...model.tags, ...mapOf(change.tags) } };
    case "add_params":
      return { params: { ...model.params, ...mapOf(change.params) } };
    case "set_step":
      return { step: change.step };
    case "delete_tag": {
      const { [change.key]: existing, ...others } = model.tags;
      if (existing === undefined)
        throw new AppError(
          "not_found",
          "tag",
          `No tag with key '${change.key}' found for logged model with ID '${model.id}'.`,
        );
      return { tags: others };
    }
  }
}
