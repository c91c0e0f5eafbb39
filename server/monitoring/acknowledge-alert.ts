import { and, eq } from "drizzle-orm";
import { alertEvents, alerts } from "@/db/schema/monitoring";
import { AppError } from "@/domain/errors";
import type { Acknowledge } from "@/domain/monitoring/contracts";
import { acknowledgeProblem } from "@/domain/monitoring/policy";
import { audit } from "../audit/audit-caller";
import { personOf, type Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { newId } from "../ids";
import { publishEvent } from "../notifications/publish-event";

/** Says that somebody has seen an open alert. Where the role reaches only its own, that is the alert's owner. */
export async function acknowledgeAlert(
  ctx: ServiceContext,
  scope: Scope<"monitoring.acknowledge">,
  input: Acknowledge,
): Promise<void> {
  const { userId } = personOf(scope);
  const caller = { ctx, scope };
  const refusal = await ctx.db.transaction(async (tx) => {
    const [alert] = await tx
      .select()
      .from(alerts)
      .where(and(eq(alerts.id, input.alertId), eq(alerts.projectId, scope.projectId)))
      .for("no key update");
    if (!alert) throw new AppError("not_found", "alert", "There is no such alert.");
    const entity = { kind: "alert" as const, id: alert.id };
    const isForeign = scope.reach === "own" && alert.ownerId !== userId;
    const problem = acknowledgeProblem(alert);
    const refused = isForeign
      ? new AppError("forbidden", "not_own", "Your role acknowledges only alerts that you own.")
      : problem && new AppError("conflict", "no_change", problem);
    if (refused) {
      const summary = `was refused to acknowledge alert #${alert.number}: ${refused.message}`;
      await audit(tx, caller, { action: "monitoring.acknowledge_refused", entity, summary });
      return refused;
    }
    const at = ctx.clock();
    await tx.update(alerts).set({ acknowledgedAt: at, acknowledgedBy: userId }).where(eq(alerts.id, alert.id));
    await tx.insert(alertEvents).values({
      id: newId(),
      projectId: scope.projectId,
      alertId: alert.id,
      kind: "acknowledged",
      text: input.comment || "Seen.",
      actorId: userId,
      at,
    });
    await audit(tx, caller, {
      action: "monitoring.acknowledged",
      entity,
      summary: `acknowledged alert #${alert.number}`,
      details: { comment: input.comment },
    });
    await publishEvent(tx, scope.projectId, "monitoring", alert.id);
    return null;
  });
  if (refusal) throw refusal;
}
