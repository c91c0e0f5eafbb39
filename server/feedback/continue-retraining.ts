import { eq } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { retrainingTriggers } from "@/db/schema/feedback";
import { pipelineRuns } from "@/db/schema/pipelines";
import { audit, type Caller } from "../audit/audit-caller";
import { decideRetraining, insertRetrainingRun, policyScope, triggerNode } from "./decide-retraining";
import { type Alert, addEvent, findAlert, type Item, lockTriggerOf, type Trigger } from "./record";
import type { Readiness } from "./retraining-readiness";

type Answered = { readonly item: Item; readonly isAccepted: boolean; readonly readiness: Readiness | null };

/**
 * What an answer does to the retraining of its finding: it starts one that waited, under the policy as it is now; a
 * declined one stays held back; a run that started at once is named. Part of the answer's transaction.
 */
export async function continueRetraining(tx: Transaction, caller: Caller, answered: Answered): Promise<void> {
  const { item, isAccepted, readiness } = answered;
  const trigger = await lockTriggerOf(tx, item.id);
  if (!trigger) return;
  if (trigger.runId) {
    if (isAccepted) await nameRun(tx, caller, { item, runId: trigger.runId });
    return;
  }
  if (trigger.heldBackReason !== "waits_for_acceptance") return;
  if (isAccepted && readiness) {
    const alert = await findAlert(tx, item.projectId, trigger.alertId);
    await startOrHold(tx, caller, { trigger, alert, readiness });
    return;
  }
  await tx
    .update(retrainingTriggers)
    .set({ heldBackReason: "declined", reason: "The finding was declined." })
    .where(eq(retrainingTriggers.id, trigger.id));
}

async function nameRun(
  tx: Transaction,
  caller: Caller,
  { item, runId }: { readonly item: Item; readonly runId: string },
): Promise<void> {
  const [run] = await tx.select({ number: pipelineRuns.number }).from(pipelineRuns).where(eq(pipelineRuns.id, runId));
  await addEvent(tx, caller, {
    itemId: item.id,
    kind: "retraining_linked",
    text: `Run #${run?.number} had started already; it answers this finding.`,
  });
}

type Waiting = { readonly trigger: Trigger; readonly alert: Alert; readonly readiness: Readiness };

async function startOrHold(tx: Transaction, caller: Caller, { trigger, alert, readiness }: Waiting): Promise<void> {
  const { ctx } = caller;
  const decided = await decideRetraining(tx, caller, { alert, readiness, answer: "accepted" });
  const run =
    decided.decision === "started"
      ? await insertRetrainingRun(tx, ctx, {
          scope: await policyScope(tx, alert.projectId),
          prepared: readiness.prepared,
          cause: triggerNode({ id: trigger.id, model: alert.model }),
        })
      : null;
  await tx
    .update(retrainingTriggers)
    .set({
      decision: decided.decision,
      heldBackReason: decided.reason,
      reason: decided.sentence,
      policyId: decided.policyId,
      ...(run && { runId: run.runId, startedAt: ctx.clock(), parameters: readiness.prepared?.parameters ?? null }),
    })
    .where(eq(retrainingTriggers.id, trigger.id));
  await addEvent(tx, caller, {
    itemId: trigger.itemId,
    kind: run ? "retraining_started" : "retraining_held_back",
    text: run ? `Run #${run.number}. ${decided.sentence}` : decided.sentence,
  });
  await audit(tx, caller, {
    action: run ? "feedback.retraining_started" : "feedback.retraining_held_back",
    entity: { kind: "retraining_trigger", id: trigger.id },
    summary: run
      ? `let the policy start run #${run.number} to retrain ${alert.model} after alert #${alert.number}`
      : `accepted alert #${alert.number}, and the policy held the retraining back: ${decided.sentence}`,
    details: { alertId: alert.id, itemId: trigger.itemId, policyId: decided.policyId, runId: run?.runId ?? null },
  });
}
