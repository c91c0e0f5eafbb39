import { and, desc, eq, inArray } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { alertEvents, alerts, monitorChecks } from "@/db/schema/monitoring";
import type { LineageNode } from "@/domain/lineage/types";
import { alertChange } from "@/domain/monitoring/policy";
import type { AlertEventKind } from "@/domain/monitoring/status";
import { windowName } from "@/domain/monitoring/windows";
import { ALERT_WORKFLOW, alertWorkflowId } from "@/domain/monitoring/workflow";
import { isLowerBetter, metricText, metricTitle } from "@/domain/promotions/metrics";
import { audit, type Caller } from "../audit/audit-caller";
import { newId } from "../ids";
import { recordLineage } from "../lineage/record-lineage";
import { notifyPeople } from "../notifications/notify-person";
import { enqueue } from "../outbox/enqueue";
import { nextNumber } from "../projects/next-number";
import { type Monitor, monitorName, monitorsAlike } from "./record";

type Check = typeof monitorChecks.$inferSelect;
export type Judged = { readonly monitor: Monitor; readonly check: Check; readonly node: LineageNode };

/** "Accuracy 0.576 is under its floor of 0.65 in 2013 Q4". */
function sentence({ monitor, check }: Judged, isOutside: boolean): string {
  const isLoss = isLowerBetter(monitor.metric);
  const where = isOutside ? (isLoss ? "above" : "under") : isLoss ? "within" : "at or above";
  const limit = isLoss ? "limit" : "floor";
  return `${metricTitle(monitor.metric)} ${metricText(check.value ?? Number.NaN)} is ${where} its ${limit} of ${check.limit} in ${windowName(check.windowStart)}`;
}

/**
 * What a judged window does to the alert of its monitor, in the check's transaction with the monitor's row taken: one
 * alert a cause, however many checks look. Answers the alert that opened, if one did.
 */
export async function changeAlert(tx: Transaction, caller: Caller, judged: Judged): Promise<string | null> {
  const { monitor, check } = judged;
  const [open] = await tx
    .select()
    .from(alerts)
    .where(
      and(
        eq(alerts.monitorId, monitor.id),
        eq(alerts.metric, monitor.metric),
        inArray(alerts.state, ["pending", "firing"]),
      ),
    )
    .for("no key update");
  const window = { start: check.windowStart, end: check.windowEnd };
  const passedAt = await newestPass(tx, monitor);
  switch (alertChange(check.verdict, window, { open: open ?? null, passedAt })) {
    case "open":
      return fire(tx, caller, judged);
    case "still_firing":
      if (open) await addEvents(tx, judged, { alertId: open.id, at: caller.ctx.clock(), kinds: ["still_firing"] });
      return null;
    case "resolve":
      if (open) await resolve(tx, caller, { judged, alert: open });
      return null;
    case "none":
      return null;
  }
}

/** Start of the newest window that passed, by whichever monitor of the subject judged it. */
async function newestPass(tx: Transaction, monitor: Monitor): Promise<Date | null> {
  const [row] = await tx
    .select({ start: monitorChecks.windowStart })
    .from(monitorChecks)
    .where(
      and(
        inArray(monitorChecks.monitorId, monitorsAlike(tx, monitor)),
        eq(monitorChecks.kind, "quality"),
        eq(monitorChecks.verdict, "pass"),
      ),
    )
    .orderBy(desc(monitorChecks.windowStart))
    .limit(1);
  return row?.start ?? null;
}

async function addEvents(
  tx: Transaction,
  judged: Judged,
  about: { readonly alertId: string; readonly at: Date; readonly kinds: readonly AlertEventKind[] },
): Promise<void> {
  await tx.insert(alertEvents).values(
    about.kinds.map((kind) => ({
      id: newId(),
      projectId: judged.monitor.projectId,
      alertId: about.alertId,
      kind,
      text:
        kind === "firing" ? "The window is closed, so it fires at once." : `${sentence(judged, kind !== "resolved")}.`,
      checkId: judged.check.id,
      at: about.at,
    })),
  );
}

/** A closed window does not come back, so what is pending fires in the same transaction; people and the workflow are told with it. */
async function fire(tx: Transaction, caller: Caller, judged: Judged): Promise<string> {
  const { ctx } = caller;
  const { monitor, check, node } = judged;
  const id = newId();
  const at = ctx.clock();
  const number = await nextNumber(tx, monitor.projectId);
  await tx.insert(alerts).values({
    id,
    projectId: monitor.projectId,
    number,
    monitorId: monitor.id,
    checkId: check.id,
    modelId: monitor.modelId,
    environment: monitor.environment,
    modelVersionId: check.modelVersionId,
    metric: monitor.metric,
    windowStart: check.windowStart,
    windowEnd: check.windowEnd,
    value: check.value ?? 0,
    lower: check.lower,
    upper: check.upper,
    limit: check.limit,
    rows: check.rows,
    coverage: check.coverage ?? 0,
    state: "firing",
    ownerId: monitor.ownerId,
    createdAt: at,
    firedAt: at,
  });
  await addEvents(tx, judged, { alertId: id, at, kinds: ["pending", "firing"] });
  const title = sentence(judged, true);
  const label = `Alert #${number}`;
  await recordLineage(tx, monitor.projectId, [
    { from: node, to: { kind: "alert", reference: id, label }, kind: "raised" },
  ]);
  await notifyPeople(tx, [
    {
      projectId: monitor.projectId,
      userId: monitor.ownerId,
      kind: "monitoring.alert",
      entity: { kind: "alert", id },
      dedupeKey: `monitoring.alert:${id}`,
      title: `${title}: ${monitorName(monitor)}`,
    },
  ]);
  await audit(tx, caller, {
    action: "monitoring.alert_fired",
    entity: { kind: "alert", id },
    summary: `opened alert #${number}: ${title}`,
    details: { checkId: check.id, value: check.value, limit: check.limit },
  });
  await enqueue(
    tx,
    {
      act: "start",
      workflow: ALERT_WORKFLOW,
      workflowId: alertWorkflowId(id),
      input: { projectId: monitor.projectId, alertId: id },
    },
    ctx.requestId,
  );
  return id;
}

async function resolve(
  tx: Transaction,
  caller: Caller,
  { judged, alert }: { readonly judged: Judged; readonly alert: typeof alerts.$inferSelect },
): Promise<void> {
  const at = caller.ctx.clock();
  await tx
    .update(alerts)
    .set({ state: "resolved", resolvedAt: at, resolvedByCheckId: judged.check.id })
    .where(eq(alerts.id, alert.id));
  await addEvents(tx, judged, { alertId: alert.id, at, kinds: ["resolved"] });
  await notifyPeople(tx, [
    {
      projectId: alert.projectId,
      userId: alert.ownerId,
      kind: "monitoring.alert_resolved",
      entity: { kind: "alert", id: alert.id },
      dedupeKey: `monitoring.alert_resolved:${alert.id}`,
      title: `Alert #${alert.number} is resolved: ${sentence(judged, false)}`,
    },
  ]);
  await audit(tx, caller, {
    action: "monitoring.alert_resolved",
    entity: { kind: "alert", id: alert.id },
    summary: `resolved alert #${alert.number}: ${sentence(judged, false)}`,
    details: { checkId: judged.check.id, value: judged.check.value },
  });
}
