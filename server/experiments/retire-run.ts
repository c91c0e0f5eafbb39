import { eq } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { experimentRuns } from "@/db/schema/experiments";
import { AppError } from "@/domain/errors";
import { deleteRefusal, isOwnRun } from "@/domain/experiments/policy";
import { writeAudit } from "../audit/write-audit";
import { userIdOf } from "../authz/actor";
import type { Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { publishEvent } from "../notifications/publish-event";
import { liveModelsOf } from "./live-models";
import { originOf, type RunRow, runById } from "./run-access";

type Retirement = { readonly runId: string; readonly lifecycle: "active" | "deleted" };

/**
 * Deletes a run (softly) or restores it: one's own, or any for an administrator, and never while a live
 * model depends on it. A refusal leaves its audit row. Repeating it changes nothing.
 */
export async function retireRun(ctx: ServiceContext, scope: Scope<"experiments.delete">, input: Retirement): Promise<void> {
  const refusal = await ctx.db.transaction(async (tx) => {
    const known = await runById(tx, scope.projectId, input.runId);
    await tx.select({ id: experimentRuns.id }).from(experimentRuns).where(eq(experimentRuns.id, known.id)).for("update");
    const run = await runById(tx, scope.projectId, input.runId);
    if (run.lifecycle === input.lifecycle) return null;
    const isOwn = isOwnRun(originOf(run), userIdOf(scope.actor));
    const liveModels = input.lifecycle === "deleted" ? await liveModelsOf(tx, [run.id]) : [];
    const refused = deleteRefusal({ isOwn, reach: scope.reach, liveModels });
    if (!refused) await tx.update(experimentRuns).set({ lifecycle: input.lifecycle }).where(eq(experimentRuns.id, run.id));
    await auditRetirement(tx, ctx, scope, { run, input, refused });
    if (!refused) await publishEvent(tx, scope.projectId, "experiments", run.id);
    return refused;
  });
  if (refusal) throw new AppError("forbidden", "delete_refused", refusal);
}

async function auditRetirement(
  tx: Transaction,
  ctx: ServiceContext,
  scope: Scope,
  what: { readonly run: RunRow; readonly input: Retirement; readonly refused: string | null },
): Promise<void> {
  const verb = what.input.lifecycle === "deleted" ? "delete" : "restore";
  await writeAudit(tx, {
    actor: scope.actor,
    organisationId: scope.organisationId,
    projectId: scope.projectId,
    action: what.refused ? `experiments.run_${verb}_refused` : `experiments.run_${verb}d`,
    entity: { kind: "experiment_run", id: what.run.id },
    summary: what.refused ? `tried to ${verb} the run ${what.run.name}` : `${verb}d the run ${what.run.name}`,
    details: what.refused ? { refusal: what.refused } : {},
    requestId: ctx.requestId,
    at: ctx.clock(),
  });
}
