import { and, eq } from "drizzle-orm";
import { thresholdVersions } from "@/db/schema/monitoring";
import { AppError } from "@/domain/errors";
import { thresholdName } from "@/domain/monitoring/policy";
import { closeApproval } from "../approvals/close-approval";
import { audit } from "../audit/audit-caller";
import { personOf, type Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { publishEvent } from "../notifications/publish-event";
import { end } from "./decide-threshold";
import { lockMonitor, monitorName } from "./record";

/** Takes back limits that one proposed oneself and that wait for signatures. */
export async function withdrawThreshold(
  ctx: ServiceContext,
  scope: Scope<"monitoring.edit">,
  input: { readonly thresholdId: string },
): Promise<void> {
  const { userId } = personOf(scope);
  const refusal = await ctx.db.transaction(async (tx) => {
    const where = and(eq(thresholdVersions.id, input.thresholdId), eq(thresholdVersions.projectId, scope.projectId));
    const [found] = await tx.select().from(thresholdVersions).where(where);
    if (!found) throw new AppError("not_found", "threshold", "There are no such limits.");
    const monitor = await lockMonitor(tx, scope.projectId, found.monitorId);
    const [threshold = found] = await tx.select().from(thresholdVersions).where(where);
    const at = ctx.clock();
    const name = thresholdName(monitorName(monitor), threshold.version);
    const entity = { kind: "threshold" as const, id: threshold.id };
    const problem =
      threshold.state !== "proposed"
        ? new AppError("conflict", "closed", "This is decided already.")
        : threshold.proposedBy !== userId
          ? new AppError("forbidden", "not_own", "Only who proposed it may withdraw it.")
          : null;
    if (problem) {
      await audit(
        tx,
        { ctx, scope },
        {
          action: "monitoring.threshold_withdraw_refused",
          entity,
          summary: `was refused to withdraw ${name}: ${problem.message}`,
        },
      );
      return problem;
    }
    await closeApproval(tx, threshold.approvalId, { state: "withdrawn", at });
    await end(tx, threshold.id, { state: "withdrawn", at });
    await audit(tx, { ctx, scope }, { action: "monitoring.threshold_withdrawn", entity, summary: `withdrew ${name}` });
    await publishEvent(tx, scope.projectId, "monitoring", monitor.id);
    return null;
  });
  if (refusal) throw refusal;
}
