import { and, eq, inArray } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { alertEvents, alerts, monitors } from "@/db/schema/monitoring";
import { AppError } from "@/domain/errors";
import type { ChangeMonitor } from "@/domain/monitoring/contracts";
import type { MonitorState } from "@/domain/monitoring/status";
import { audit, type Caller } from "../audit/audit-caller";
import { recordingRefusal } from "../audit/record-refusal";
import { personOf, type Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { newId } from "../ids";
import { publishEvent } from "../notifications/publish-event";
import { askSchedule } from "./ask-schedule";
import { assertOwner } from "./create-monitor";
import { lockMonitor, type Monitor, monitorName } from "./record";

const STATES: Readonly<Record<Exclude<ChangeMonitor["act"], "update">, MonitorState>> = {
  pause: "paused",
  resume: "active",
  delete: "deleted",
};
const WORDS: Readonly<Record<ChangeMonitor["act"], readonly [action: string, verb: string]>> = {
  pause: ["monitoring.monitor_paused", "paused the monitor on"],
  resume: ["monitoring.monitor_resumed", "resumed the monitor on"],
  delete: ["monitoring.monitor_deleted", "deleted the monitor on"],
  update: ["monitoring.monitor_changed", "changed the monitor on"],
};

/**
 * Pauses, resumes or deletes a monitor, or changes its owner and how often it looks; its limits change by signatures
 * only. What it has judged stays.
 */
export function changeMonitor(ctx: ServiceContext, scope: Scope<"monitoring.edit">, input: ChangeMonitor) {
  const tried = {
    action: "monitoring.monitor_refused",
    entity: { kind: "monitor", id: input.monitorId },
    summary: `was refused to ${input.act} a monitor`,
  };
  return recordingRefusal(ctx, scope, tried, () => change(ctx, scope, input));
}

async function change(ctx: ServiceContext, scope: Scope<"monitoring.edit">, input: ChangeMonitor): Promise<void> {
  personOf(scope);
  const caller = { ctx, scope };
  await ctx.db.transaction(async (tx) => {
    const monitor = await lockMonitor(tx, scope.projectId, input.monitorId);
    if (input.ownerId) await assertOwner(tx, scope.projectId, input.ownerId);
    const state = input.act === "update" ? monitor.state : STATES[input.act];
    if (input.act !== "update" && state === monitor.state)
      throw new AppError("conflict", "no_change", `The monitor is ${state} already.`);
    const change = {
      state,
      ownerId: input.ownerId ?? monitor.ownerId,
      intervalSeconds: input.intervalSeconds ?? monitor.intervalSeconds,
    };
    await tx
      .update(monitors)
      .set({ ...change, updatedAt: ctx.clock() })
      .where(eq(monitors.id, monitor.id));
    const [action, verb] = WORDS[input.act];
    await audit(tx, caller, {
      action,
      entity: { kind: "monitor", id: monitor.id },
      summary: `${verb} ${monitorName(monitor)}`,
      details: change,
    });
    if (input.act === "delete") await resolveOpen(tx, caller, monitor);
    await askSchedule(tx, monitor.id, ctx.requestId);
    await publishEvent(tx, scope.projectId, "monitoring", monitor.id);
  });
}

/** No later window will resolve what a deleted monitor has raised, so its alerts end with it. */
async function resolveOpen(tx: Transaction, caller: Caller, monitor: Monitor): Promise<void> {
  const at = caller.ctx.clock();
  const resolved = await tx
    .update(alerts)
    .set({ state: "resolved", resolvedAt: at })
    .where(and(eq(alerts.monitorId, monitor.id), inArray(alerts.state, ["pending", "firing"])))
    .returning({ id: alerts.id, number: alerts.number });
  for (const alert of resolved) {
    await tx.insert(alertEvents).values({
      id: newId(),
      projectId: monitor.projectId,
      alertId: alert.id,
      kind: "resolved",
      text: "Its monitor was deleted.",
      actorId: personOf(caller.scope).userId,
      at,
    });
    await audit(tx, caller, {
      action: "monitoring.alert_resolved",
      entity: { kind: "alert", id: alert.id },
      summary: `resolved alert #${alert.number}: its monitor was deleted`,
      details: { monitorId: monitor.id },
    });
  }
}
