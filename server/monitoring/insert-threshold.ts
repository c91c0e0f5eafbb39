import { and, eq, inArray, isNull } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { memberships, users } from "@/db/schema/identity";
import { thresholdVersions } from "@/db/schema/monitoring";
import { AppError } from "@/domain/errors";
import { limitsProblem, THRESHOLD_DEADLINE_MS, THRESHOLD_SIGNERS, thresholdName } from "@/domain/monitoring/policy";
import type { Limits } from "@/domain/monitoring/types";
import { openApproval } from "../approvals/open-approval";
import { setEvidence } from "../approvals/set-evidence";
import type { Caller } from "../audit/audit-caller";
import { canonicalDigest } from "../blobs/digest";
import { newId } from "../ids";
import { notifyPeople } from "../notifications/notify-person";
import { lastThreshold, type Monitor, monitorName } from "./record";

export type NewThreshold = {
  readonly monitor: Omit<Monitor, "lastCheckedAt" | "lastAsOf" | "lastOutcome" | "createdAt" | "updatedAt">;
  readonly limits: Limits;
  readonly reason: string;
  readonly proposedBy: string;
};

/** What is signed: the limits with everything that says what they judge. */
function digestOf({ monitor, limits }: NewThreshold): string {
  const { id, modelId, environment, metric, labelDelayDays, minimumCoverage } = monitor;
  return canonicalDigest({ monitorId: id, modelId, environment, metric, labelDelayDays, minimumCoverage, limits })
    .digest;
}

/** Puts limits before the two people who sign them. Called with the monitor's row taken; changes nothing that is watched. */
export async function insertThreshold(tx: Transaction, { ctx, scope }: Caller, given: NewThreshold) {
  const problem = limitsProblem(given.monitor.metric, given.limits);
  if (problem) throw new AppError("invalid_input", "limits", problem);
  const version = ((await lastThreshold(tx, given.monitor.id))?.version ?? 0) + 1;
  const id = newId();
  const at = ctx.clock();
  const digest = digestOf(given);
  const policyVersion = `v${version}`;
  const approvalId = await openApproval(tx, {
    projectId: scope.projectId,
    subject: { kind: "threshold", id, digest },
    target: given.monitor.environment,
    policyVersion,
    requiredRoles: THRESHOLD_SIGNERS,
    barred: [],
    openedBy: given.proposedBy,
    createdAt: at,
    deadlineAt: new Date(at.getTime() + THRESHOLD_DEADLINE_MS),
  });
  await setEvidence(tx, {
    approvalId,
    evidenceDigest: digest,
    policyVersion,
    requiredRoles: THRESHOLD_SIGNERS,
    openRules: [],
    blockingRules: [],
    barred: [],
    at,
  });
  await tx.insert(thresholdVersions).values({
    id,
    projectId: scope.projectId,
    monitorId: given.monitor.id,
    version,
    limits: given.limits,
    digest,
    approvalId,
    reason: given.reason,
    proposedBy: given.proposedBy,
    createdAt: at,
  });
  const name = thresholdName(monitorName(given.monitor), version);
  await askSigners(tx, scope.projectId, { id, name });
  return { id, version, digest, name };
}

async function askSigners(
  tx: Transaction,
  projectId: string,
  threshold: { readonly id: string; readonly name: string },
): Promise<void> {
  const people = await tx
    .selectDistinct({ userId: memberships.userId })
    .from(memberships)
    .innerJoin(users, and(eq(users.id, memberships.userId), eq(users.kind, "person"), isNull(users.deactivatedAt)))
    .where(and(eq(memberships.projectId, projectId), inArray(memberships.role, [...THRESHOLD_SIGNERS])));
  await notifyPeople(
    tx,
    people.map(({ userId }) => ({
      projectId,
      userId,
      kind: "monitoring.sign",
      entity: { kind: "threshold", id: threshold.id },
      dedupeKey: `monitoring.sign:${threshold.id}`,
      title: `Two signatures are needed: ${threshold.name}`,
    })),
  );
}
