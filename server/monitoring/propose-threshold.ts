import { and, eq } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { approvals } from "@/db/schema/approvals";
import { thresholdVersions } from "@/db/schema/monitoring";
import { AppError } from "@/domain/errors";
import type { ProposeThreshold } from "@/domain/monitoring/contracts";
import { closeApproval } from "../approvals/close-approval";
import { audit } from "../audit/audit-caller";
import { recordingRefusal } from "../audit/record-refusal";
import { personOf, type Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { publishEvent } from "../notifications/publish-event";
import { insertThreshold } from "./insert-threshold";
import { lockMonitor } from "./record";

/** Proposes other limits. The signed ones hold until two people have signed these. `conflict` while others wait. */
export function proposeThreshold(ctx: ServiceContext, scope: Scope<"monitoring.edit">, input: ProposeThreshold) {
  const tried = {
    action: "monitoring.threshold_refused",
    entity: { kind: "monitor", id: input.monitorId },
    summary: "was refused to propose limits",
  };
  return recordingRefusal(ctx, scope, tried, () => propose(ctx, scope, input));
}

async function propose(ctx: ServiceContext, scope: Scope<"monitoring.edit">, input: ProposeThreshold) {
  const { userId } = personOf(scope);
  const caller = { ctx, scope };
  return ctx.db.transaction(async (tx) => {
    const monitor = await lockMonitor(tx, scope.projectId, input.monitorId);
    const waiting = await endExpired(tx, monitor.id, ctx.clock());
    if (waiting !== null)
      throw new AppError("conflict", "threshold_waits", `Version ${waiting} waits for signatures. Decide it first.`);
    const { limits, reason } = input;
    const proposed = await insertThreshold(tx, caller, { monitor, limits, reason, proposedBy: userId });
    await audit(tx, caller, {
      action: "monitoring.threshold_proposed",
      entity: { kind: "threshold", id: proposed.id },
      summary: `proposed ${proposed.name}`,
      details: { limits, reason, digest: proposed.digest },
    });
    await publishEvent(tx, scope.projectId, "monitoring", monitor.id);
    return proposed;
  });
}

/** The version that waits for people, after one whose time is over was closed. */
async function endExpired(tx: Transaction, monitorId: string, at: Date): Promise<number | null> {
  const [open] = await tx
    .select({ threshold: thresholdVersions, deadlineAt: approvals.deadlineAt })
    .from(thresholdVersions)
    .innerJoin(approvals, eq(approvals.id, thresholdVersions.approvalId))
    .where(and(eq(thresholdVersions.monitorId, monitorId), eq(thresholdVersions.state, "proposed")));
  if (!open) return null;
  if (open.deadlineAt > at) return open.threshold.version;
  await closeApproval(tx, open.threshold.approvalId, { state: "expired", at });
  await tx
    .update(thresholdVersions)
    .set({ state: "expired", endedAt: at })
    .where(eq(thresholdVersions.id, open.threshold.id));
  return null;
}
