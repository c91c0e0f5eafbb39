import { and, eq, isNull } from "drizzle-orm";
import { loggedModels } from "@/db/schema/experiments";
import { modelVersions } from "@/db/schema/registry";
import { AppError } from "@/domain/errors";
import { deleteRefusal, isOwnRun } from "@/domain/experiments/policy";
import { userIdOf } from "../authz/actor";
import type { Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { publishEvent } from "../notifications/publish-event";
import { loggedModelById } from "./logged-models";
import { auditOutcome } from "./outcome-audit";
import { originOf, runById } from "./run-access";

/** Deletes a logged model (softly): of one's own run, and only where no registered version came from it. */
export async function deleteLoggedModel(
  ctx: ServiceContext,
  scope: Scope<"experiments.delete">,
  id: string,
): Promise<void> {
  const refusal = await ctx.db.transaction(async (tx) => {
    await tx.select({ id: loggedModels.id }).from(loggedModels).where(eq(loggedModels.id, id)).for("no key update");
    const model = await loggedModelById(tx, scope.projectId, id);
    const run = model.sourceRunId ? await runById(tx, scope.projectId, model.sourceRunId) : null;
    const versions = await tx
      .select({ version: modelVersions.version })
      .from(modelVersions)
      .where(and(eq(modelVersions.loggedModelId, id), isNull(modelVersions.deletedAt)));
    const isOwn = run !== null && isOwnRun(originOf(run), userIdOf(scope.actor));
    const refused =
      versions.length > 0
        ? "A registered version came from this model, so it stays."
        : deleteRefusal({ isOwn, reach: scope.reach, liveModels: [] });
    if (!refused)
      await tx.update(loggedModels).set({ deletedMs: ctx.clock().getTime() }).where(eq(loggedModels.id, id));
    await auditOutcome(tx, ctx, scope, {
      entity: { kind: "logged_model", id },
      action: "experiments.model_deleted",
      refusedAction: "experiments.model_delete_refused",
      summary: `deleted the logged model ${model.name}`,
      refusedSummary: `tried to delete the logged model ${model.name}`,
      refusal: refused,
    });
    if (!refused) await publishEvent(tx, scope.projectId, "experiments", model.sourceRunId ?? id);
    return refused;
  });
  if (refusal) throw new AppError("forbidden", "delete_refused", refusal);
}
