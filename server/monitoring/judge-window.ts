import { monitorChecks } from "@/db/schema/monitoring";
import type { CheckKind } from "@/domain/monitoring/status";
import { windowName } from "@/domain/monitoring/windows";
import type { Caller } from "../audit/audit-caller";
import { newId } from "../ids";
import { publishEvent } from "../notifications/publish-event";
import { changeAlert } from "./change-alert";
import { activeThreshold, lockMonitor } from "./record";
import { type CheckedWindow, linkCheck } from "./window-lineage";

type CheckValues = Omit<
  typeof monitorChecks.$inferInsert,
  "id" | "projectId" | "monitorId" | "windowStart" | "windowEnd" | "checkedAt" | "kind"
>;
export type Judgement = CheckedWindow & { readonly kind: CheckKind; readonly values: CheckValues };

const WORDS: Readonly<Record<CheckKind, string>> = { quality: "Quality", inputs: "Inputs and service" };

/**
 * Writes what was measured, once: of two checks at the same moment the second finds the first one's row and changes
 * nothing, neither the record nor an alert. Answers whether this call judged, and the alert it opened.
 */
export async function judgeWindow(caller: Caller, judgement: Judgement) {
  const { ctx } = caller;
  const { kind, window, values } = judgement;
  return ctx.db.transaction(async (tx) => {
    const monitor = await lockMonitor(tx, judgement.monitor.projectId, judgement.monitor.id);
    // Other limits were signed while this was measured: the next check judges by them.
    if ((await activeThreshold(tx, monitor.id))?.id !== values.thresholdVersionId)
      return { isJudged: false, alertId: null };
    const [check] = await tx
      .insert(monitorChecks)
      .values({
        ...values,
        id: newId(),
        projectId: monitor.projectId,
        monitorId: monitor.id,
        kind,
        windowStart: window.start,
        windowEnd: window.end,
        checkedAt: ctx.clock(),
      })
      .onConflictDoNothing()
      .returning();
    if (!check) return { isJudged: false, alertId: null };
    const node = {
      kind: "monitor_check" as const,
      reference: check.id,
      label: `${WORDS[kind]}, ${windowName(window.start)}`,
    };
    await linkCheck(tx, { ...judgement, monitor }, node);
    const alertId = kind === "quality" ? await changeAlert(tx, caller, { monitor, check, node }) : null;
    await publishEvent(tx, monitor.projectId, "monitoring", monitor.id);
    return { isJudged: true, alertId };
  });
}
