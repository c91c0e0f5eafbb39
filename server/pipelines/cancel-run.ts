import { and, eq } from "drizzle-orm";
import { pipelineRuns } from "@/db/schema/pipelines";
import { AppError } from "@/domain/errors";
import { cancelRefusal } from "@/domain/pipelines/policy";
import { pipelineRunMessage } from "@/domain/pipelines/workflow";
import { writeAudit } from "../audit/write-audit";
import { userIdOf } from "../authz/actor";
import type { Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { publishEvent } from "../notifications/publish-event";
import { enqueue } from "../outbox/enqueue";

/**
 * Asks a run to stop. It is `cancelling` until every process of its steps is gone. Asking again, or asking a
 * run that is over, is refused without harm.
 */
export async function cancelRun(
  ctx: ServiceContext,
  scope: Scope<"pipelines.cancel">,
  input: { readonly runId: string },
) {
  const asker = userIdOf(scope.actor);
  const result = await ctx.db.transaction(async (tx) => {
    const [run] = await tx
      .select()
      .from(pipelineRuns)
      .where(and(eq(pipelineRuns.id, input.runId), eq(pipelineRuns.projectId, scope.projectId)))
      .for("no key update");
    if (!run) throw new AppError("not_found", "run", "There is no such run.");
    const refusal = cancelRefusal({ state: run.state, startedBy: run.startedBy, asker, reach: scope.reach });
    const fact = {
      actor: scope.actor,
      organisationId: scope.organisationId,
      projectId: scope.projectId,
      entity: { kind: "pipeline_run", id: run.id },
      requestId: ctx.requestId,
      at: ctx.clock(),
    };
    if (refusal) {
      await writeAudit(tx, {
        ...fact,
        action: "pipelines.cancel_refused",
        summary: `tried to cancel run #${run.number}: ${refusal.sentence}`,
        details: { reason: refusal.reason },
      });
      return { refusal };
    }
    await tx
      .update(pipelineRuns)
      .set({ state: "cancelling", cancelRequestedAt: ctx.clock(), cancelRequestedBy: asker })
      .where(eq(pipelineRuns.id, run.id));
    await writeAudit(tx, {
      ...fact,
      action: "pipelines.run_cancelled",
      summary: `asked run #${run.number} to stop`,
      details: { number: run.number, from: run.state },
    });
    await enqueue(tx, pipelineRunMessage("cancel", run.id), ctx.requestId);
    await publishEvent(tx, scope.projectId, "pipelines", run.id);
    return { runId: run.id, state: "cancelling" as const };
  });
  if (result.refusal) {
    throw new AppError(
      result.refusal.reason === "not_own" ? "forbidden" : "precondition_failed",
      result.refusal.reason,
      result.refusal.sentence,
    );
  }
  return { runId: result.runId, state: result.state };
}
