import { and, asc, eq, lte } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { retrainingTriggers } from "@/db/schema/feedback";
import { alerts, monitorChecks } from "@/db/schema/monitoring";
import { arrowOfCheck } from "@/domain/feedback/arrows";
import { dueAt, findingBody, findingTitle } from "@/domain/feedback/finding-text";
import type { TriggerDecision } from "@/domain/feedback/status";
import type { AlertFigures } from "@/domain/feedback/types";
import type { LineageNode } from "@/domain/lineage/types";
import { audit, type Caller } from "../audit/audit-caller";
import { authorize, systemActor } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { newId } from "../ids";
import { recordLineage } from "../lineage/record-lineage";
import { publishEvent } from "../notifications/publish-event";
import { type Decided, decideRetraining, insertRetrainingRun, policyScope, triggerNode } from "./decide-retraining";
import { insertItem } from "./insert-item";
import { type Alert, addEvent, findAlert } from "./record";
import { type Readiness, readinessFor, whileReady } from "./retraining-readiness";

/** Days within which a finding of monitoring should be answered, in real time. */
const DUE_DAYS = 3;
/** Windows of the origin chart that an item keeps. */
const HISTORY = 12;

export type RoutedAlert = {
  readonly itemId: string;
  readonly triggerId: string;
  readonly decision: TriggerDecision;
  readonly runId: string | null;
};

/**
 * Brings a firing alert to people and to its retraining policy, once: one item for the role that can act on it, one
 * trigger with the decision and its reason, and, where the policy says at once, one run, which the policy starts and
 * so nobody. All of it is one transaction under the alert's lock, so a retry, a second worker or a second caller finds
 * what the first one wrote. `not_found` where the project has no such alert.
 */
export async function routeAlert(
  ctx: ServiceContext,
  { projectId, alertId }: { readonly projectId: string; readonly alertId: string },
): Promise<RoutedAlert> {
  const scope = await authorize(ctx, systemActor("Countersign"), "feedback.create", projectId);
  const alert = await findAlert(ctx.db, projectId, alertId);
  return whileReady(
    () => readinessFor(ctx, alert),
    (readiness) =>
      ctx.db.transaction(async (tx) => {
        await tx.select({ id: alerts.id }).from(alerts).where(eq(alerts.id, alertId)).for("no key update");
        return (await routedBefore(tx, alertId)) ?? route(tx, { ctx, scope }, { alert, readiness });
      }),
  );
}

async function routedBefore(tx: Transaction, alertId: string): Promise<RoutedAlert | null> {
  const [row] = await tx.select().from(retrainingTriggers).where(eq(retrainingTriggers.alertId, alertId));
  return row ? { itemId: row.itemId, triggerId: row.id, decision: row.decision, runId: row.runId } : null;
}

type Routing = { readonly alert: Alert; readonly readiness: Readiness };

async function route(tx: Transaction, caller: Caller, { alert, readiness }: Routing): Promise<RoutedAlert> {
  const { ctx } = caller;
  const { projectId } = alert;
  const decided = await decideRetraining(tx, caller, { alert, readiness, answer: "open" });
  const itemId = newId();
  const triggerId = newId();
  const cause = triggerNode({ id: triggerId, model: alert.model });
  const finding: LineageNode = { kind: "feedback_item", reference: itemId, label: findingTitle(alert) };
  await recordLineage(tx, projectId, [
    {
      from: { kind: "alert", reference: alert.id, label: `Alert #${alert.number}` },
      to: finding,
      kind: "reported_as",
    },
    { from: finding, to: cause, kind: "triggered" },
  ]);
  const run =
    decided.decision === "started"
      ? await insertRetrainingRun(tx, ctx, {
          scope: await policyScope(tx, projectId),
          prepared: readiness.prepared,
          cause,
        })
      : null;
  const number = await insertItem(tx, caller, {
    id: itemId,
    kind: arrowOfCheck(alert.checkKind),
    title: findingTitle(alert),
    body: findingBody(alert),
    origin: { kind: "alert", alertId: alert.id, alertNumber: alert.number, figures: await figuresOf(tx, alert) },
    alertId: alert.id,
    dueAt: dueAt(ctx.clock(), DUE_DAYS),
  });
  await insertTrigger(tx, caller, { id: triggerId, itemId, alert, readiness, decided, run });
  ctx.log.info({ alertId: alert.id, item: number, decision: decided.decision, runId: run?.runId }, "alert routed");
  await publishEvent(tx, projectId, "feedback", itemId);
  return { itemId, triggerId, decision: decided.decision, runId: run?.runId ?? null };
}

/** The chart of the alert's monitor up to the window that fired. */
async function figuresOf(tx: Transaction, alert: Alert): Promise<AlertFigures> {
  const checks = await tx
    .select()
    .from(monitorChecks)
    .where(
      and(
        eq(monitorChecks.monitorId, alert.monitorId),
        eq(monitorChecks.kind, alert.checkKind),
        lte(monitorChecks.windowEnd, alert.windowEnd),
      ),
    )
    .orderBy(asc(monitorChecks.windowStart));
  const { metric, model, version, environment, value, limit } = alert;
  return {
    metric,
    model,
    version,
    environment,
    windowStart: alert.windowStart.toISOString(),
    windowEnd: alert.windowEnd.toISOString(),
    value,
    limit,
    history: checks.slice(-HISTORY).flatMap((check) =>
      check.value === null
        ? []
        : [
            {
              windowStart: check.windowStart.toISOString(),
              windowEnd: check.windowEnd.toISOString(),
              value: check.value,
              low: check.lower,
              high: check.upper,
              n: check.labelled ?? check.rows,
            },
          ],
    ),
  };
}

type NewTrigger = Routing & {
  readonly id: string;
  readonly itemId: string;
  readonly decided: Decided;
  readonly run: { readonly runId: string; readonly number: number } | null;
};

async function insertTrigger(tx: Transaction, caller: Caller, trigger: NewTrigger): Promise<void> {
  const { ctx, scope } = caller;
  const { id, itemId, alert, decided, run, readiness } = trigger;
  const now = ctx.clock();
  await tx.insert(retrainingTriggers).values({
    id,
    projectId: scope.projectId,
    alertId: alert.id,
    itemId,
    modelId: alert.modelId,
    policyId: decided.policyId,
    decision: decided.decision,
    heldBackReason: decided.reason,
    reason: decided.sentence,
    parameters: run ? (readiness.prepared?.parameters ?? null) : null,
    runId: run?.runId ?? null,
    createdAt: now,
    startedAt: run ? now : null,
  });
  await addEvent(tx, caller, {
    itemId,
    kind: run ? "retraining_started" : "retraining_held_back",
    text: run ? `Run #${run.number}. ${decided.sentence}` : decided.sentence,
  });
  await audit(tx, caller, {
    action: run ? "feedback.retraining_started" : "feedback.retraining_held_back",
    entity: { kind: "retraining_trigger", id },
    summary: run
      ? `started run #${run.number} to retrain ${alert.model} after alert #${alert.number}`
      : `held back the retraining of ${alert.model} after alert #${alert.number}: ${decided.sentence}`,
    details: {
      alertId: alert.id,
      itemId,
      policyId: decided.policyId,
      reason: decided.reason,
      runId: run?.runId ?? null,
    },
  });
}
