import { eq } from "drizzle-orm";
import { experimentRuns } from "@/db/schema/experiments";
import { AppError } from "@/domain/errors";
import { deleteRefusal, isOwnRun } from "@/domain/experiments/policy";
import { userIdOf } from "../authz/actor";
import type { Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { publishEvent } from "../notifications/publish-event";
import { liveModelsOf } from "./live-models";
import { auditOutcome } from "./outcome-audit";
import { originOf, runById } from "./run-access";

type Retirement = { readonly runId: string; readonly lifecycle: "active" | "deleted" };

/**
 * Deletes a run (softly) or restores it: one's own, or any for an administrator, and never while a live
 * model depends on it. A refusal leaves its audit row. Repeating it changes nothing.
 */
export async function retireRun(
  ctx: ServiceContext,
  scope: Scope<"experiments.delete">,
  input: Retirement,
): Promise<void> {
  const refusal = await ctx.db.transaction(async (tx) => {
    const known = await runById(tx, scope.projectId, input.runId);
    await tx
      .select({ id: experimentRuns.id })
      .from(experimentRuns)
      .where(eq(experimentRuns.id, known.id))
      .for("no key update");
    const run = await runById(tx, scope.projectId, input.runId);
    if (run.lifecycle === input.lifecycle) return null;
    const isOwn = isOwnRun(originOf(run), userIdOf(scope.actor));
    const liveModels = input.lifecycle === "deleted" ? await liveModelsOf(tx, [run.id]) : [];
    const refused = deleteRefusal({ isOwn, reach: scope.reach, liveModels });
    if (!refused)
      await tx.update(experimentRuns).set({ lifecycle: input.lifecycle }).where(eq(experimentRuns.id, run.id));
    const verb = input.lifecycle === "deleted" ? "delete" : "restore";
    await auditOutcome(tx, ctx, scope, {
      entity: { kind: "experiment_run", id: run.id },
      action: `experiments.run_${verb}d`,
      refusedAction: `experiments.run_${verb}_refused`,
      summary: `${verb}d the run ${run.name}`,
      refusedSummary: `tried to ${verb} the run ${run.name}`,
      refusal: refused,
    });
    if (!refused) await publishEvent(tx, scope.projectId, "experiments", run.id);
    return refused;
  });
  if (refusal) throw new AppError("forbidden", "delete_refused", refusal);
}
