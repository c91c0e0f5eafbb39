import { and, eq } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { retrainingTriggers } from "@/db/schema/feedback";
import { AppError } from "@/domain/errors";
import type { StartRetraining } from "@/domain/feedback/contracts";
import { audit, type Caller } from "../audit/audit-caller";
import { userIdOf } from "../authz/actor";
import { authorize, type Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { publishEvent } from "../notifications/publish-event";
import type { StartedRun } from "../pipelines/start-run";
import { insertRetrainingRun, triggerNode } from "./decide-retraining";
import { type Alert, addEvent, findAlert } from "./record";
import { type Readiness, readinessFor } from "./retraining-readiness";

/**
 * Starts a retraining that the policy held back, by hand and with a reason. The run is the person's, who is barred from
 * approving its version. Pipeline and training window are the policy's; cool-down and budget are what the person
 * overrides. Refusals: `conflict` where it has started, `precondition_failed` where the model has no policy that says what to run.
 */
export async function startRetraining(
  ctx: ServiceContext,
  scope: Scope<"monitoring.retrain">,
  input: StartRetraining,
): Promise<StartedRun> {
  const { projectId } = scope;
  const [trigger] = await ctx.db
    .select({ alertId: retrainingTriggers.alertId })
    .from(retrainingTriggers)
    .where(and(eq(retrainingTriggers.id, input.triggerId), eq(retrainingTriggers.projectId, projectId)));
  if (!trigger) throw new AppError("not_found", "retraining_trigger", "There is no such retraining.");
  const alert = await findAlert(ctx.db, projectId, trigger.alertId);
  const runScope = await authorize(ctx, scope.actor, "pipelines.run", projectId);
  const readiness = await readinessFor(ctx, alert, { startedByPerson: true });
  const result = await ctx.db.transaction((tx) => start(tx, { ctx, scope }, { input, alert, readiness, runScope }));
  if (result.refusal) throw result.refusal;
  return result.run;
}

type Starting = {
  readonly input: StartRetraining;
  readonly alert: Alert;
  readonly readiness: Readiness;
  readonly runScope: Scope<"pipelines.run">;
};

async function start(tx: Transaction, caller: Caller, { input, alert, readiness, runScope }: Starting) {
  const { ctx, scope } = caller;
  const [trigger] = await tx
    .select()
    .from(retrainingTriggers)
    .where(eq(retrainingTriggers.id, input.triggerId))
    .for("no key update");
  if (!trigger) throw new AppError("not_found", "retraining_trigger", "There is no such retraining.");
  const refusal = refusalOf(trigger.runId !== null, readiness);
  if (refusal) {
    await audit(tx, caller, {
      action: "feedback.retraining_refused",
      entity: { kind: "retraining_trigger", id: trigger.id },
      summary: `was refused to retrain ${alert.model}: ${refusal.message}`,
      details: { reason: refusal.reason },
    });
    return { refusal, run: null };
  }
  const run = await insertRetrainingRun(tx, ctx, {
    scope: runScope,
    prepared: readiness.prepared,
    cause: triggerNode({ id: trigger.id, model: alert.model }),
  });
  const reason = `Started by hand: ${input.reason}`;
  await tx
    .update(retrainingTriggers)
    .set({
      decision: "started",
      heldBackReason: null,
      reason,
      runId: run.runId,
      startedAt: ctx.clock(),
      startedBy: userIdOf(scope.actor),
      policyId: readiness.policyId,
      parameters: readiness.prepared?.parameters ?? null,
    })
    .where(eq(retrainingTriggers.id, trigger.id));
  await addEvent(tx, caller, {
    itemId: trigger.itemId,
    kind: "retraining_started",
    text: `Run #${run.number}. ${reason}`,
  });
  await audit(tx, caller, {
    action: "feedback.retraining_started",
    entity: { kind: "retraining_trigger", id: trigger.id },
    summary: `started run #${run.number} by hand to retrain ${alert.model} after alert #${alert.number}`,
    details: {
      alertId: alert.id,
      itemId: trigger.itemId,
      reason: input.reason,
      runId: run.runId,
      heldBack: trigger.reason,
    },
  });
  await publishEvent(tx, scope.projectId, "feedback", trigger.itemId);
  return { refusal: null, run };
}

function refusalOf(isStarted: boolean, readiness: Readiness): AppError | null {
  if (isStarted) return new AppError("conflict", "started", "This retraining has started already.");
  if (!readiness.policyId) {
    return new AppError(
      "precondition_failed",
      "no_policy",
      "The model has no retraining policy yet, which says what to run. An ML engineer saves one.",
    );
  }
  return readiness.prepared ? null : new AppError("precondition_failed", "cannot_start", readiness.problem ?? "");
}
