import { and, eq } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { approvals } from "@/db/schema/approvals";
import { thresholdVersions } from "@/db/schema/monitoring";
import { meaningsFor, RETURN_MEANING } from "@/domain/approvals/meanings";
import { AppError } from "@/domain/errors";
import type { DecideThreshold } from "@/domain/monitoring/contracts";
import { thresholdName } from "@/domain/monitoring/policy";
import { recordSignOff } from "../approvals/record-sign-off";
import { audit } from "../audit/audit-caller";
import type { Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { publishEvent } from "../notifications/publish-event";
import { lockMonitor, monitorName, type ThresholdVersion } from "./record";

const WORDS = {
  approved: ["monitoring.threshold_signed", "monitoring.threshold_sign_refused", "signed", "to sign"],
  returned: ["monitoring.threshold_returned", "monitoring.threshold_return_refused", "returned", "to return"],
} as const;

/**
 * One decision of a person on proposed limits. The limits hold with the second signature, given by another person in
 * the other role; one signature changes nothing. A refusal writes its audit row alone and is thrown afterwards.
 */
export async function decideThreshold(
  ctx: ServiceContext,
  scope: Scope<"monitoring.sign_threshold">,
  input: DecideThreshold,
) {
  const caller = { ctx, scope };
  const isReturn = input.decision === "returned";
  if (!isReturn && !meaningsFor("threshold", input.asRole).includes(input.meaning))
    throw new AppError("invalid_input", "unknown_meaning", "Choose one of the meanings that a signature can have.");
  const meaning = isReturn ? RETURN_MEANING : input.meaning;
  const [done, refused, verb, refusedVerb] = WORDS[input.decision];
  const result = await ctx.db.transaction(async (tx) => {
    const { threshold, deadlineAt } = await load(tx, scope.projectId, input.thresholdId);
    const monitor = await lockMonitor(tx, scope.projectId, threshold.monitorId);
    const name = thresholdName(monitorName(monitor), threshold.version);
    const at = ctx.clock();
    const { thresholdId: _, ...given } = input;
    const refusal =
      at >= deadlineAt
        ? {
            code: "conflict" as const,
            reason: "expired",
            sentence: "The time for signatures is over. Propose it again.",
          }
        : null;
    const signed = refusal
      ? { refusal }
      : await recordSignOff(tx, scope, { ...given, meaning, acceptedRules: [], approvalId: threshold.approvalId, at });
    const entity = { kind: "threshold" as const, id: threshold.id };
    const shown = { asRole: input.asRole, evidenceDigest: input.evidenceDigest, policyVersion: input.policyVersion };
    if (signed.refusal) {
      const { reason, sentence } = signed.refusal;
      const summary = `was refused ${refusedVerb} ${name}: ${sentence}`;
      await audit(tx, caller, { action: refused, entity, summary, details: { ...shown, reason } });
      return signed;
    }
    const { outcome, statementSha256 } = signed;
    if (outcome === "approved") await activate(tx, threshold, at);
    if (outcome === "returned") await end(tx, threshold.id, { state: "returned", at });
    await audit(tx, caller, {
      action: done,
      entity,
      summary: `${verb} ${name}`,
      details: { ...shown, meaning: input.meaning, comment: input.comment, outcome, statementSha256 },
    });
    await publishEvent(tx, scope.projectId, "monitoring", monitor.id);
    return signed;
  });
  if (result.refusal) throw new AppError(result.refusal.code, result.refusal.reason, result.refusal.sentence);
  return { outcome: result.outcome };
}

async function load(tx: Transaction, projectId: string, thresholdId: string) {
  const [row] = await tx
    .select({ threshold: thresholdVersions, deadlineAt: approvals.deadlineAt })
    .from(thresholdVersions)
    .innerJoin(approvals, eq(approvals.id, thresholdVersions.approvalId))
    .where(and(eq(thresholdVersions.id, thresholdId), eq(thresholdVersions.projectId, projectId)));
  if (!row) throw new AppError("not_found", "threshold", "There are no such limits.");
  return row;
}

async function activate(tx: Transaction, threshold: ThresholdVersion, at: Date): Promise<void> {
  await tx
    .update(thresholdVersions)
    .set({ state: "superseded", endedAt: at })
    .where(and(eq(thresholdVersions.monitorId, threshold.monitorId), eq(thresholdVersions.state, "active")));
  await tx
    .update(thresholdVersions)
    .set({ state: "active", activatedAt: at })
    .where(eq(thresholdVersions.id, threshold.id));
}

/** Ends proposed limits that will not hold. */
export async function end(
  tx: Transaction,
  thresholdId: string,
  { state, at }: { readonly state: "returned" | "withdrawn"; readonly at: Date },
): Promise<void> {
  await tx.update(thresholdVersions).set({ state, endedAt: at }).where(eq(thresholdVersions.id, thresholdId));
}
