import { and, eq, isNull, ne, or } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { approvalSignOffs, approvals } from "@/db/schema/approvals";
import type { Barred } from "@/domain/approvals/types";
import type { Role } from "@/domain/identity/roles";

export type ApprovalEvidence = {
  readonly approvalId: string;
  readonly evidenceDigest: string;
  readonly policyVersion: string;
  readonly requiredRoles: readonly Role[];
  readonly openRules: readonly string[];
  readonly blockingRules: readonly string[];
  readonly barred: readonly Barred[];
  readonly at: Date;
};

/**
 * Puts evidence before the people: the approval is open. Signatures over other evidence or another policy are outdated
 * from here on; those over the same stay. Returns how many became outdated.
 */
export async function setEvidence(tx: Transaction, evidence: ApprovalEvidence): Promise<number> {
  const { approvalId, at, requiredRoles, openRules, blockingRules, ...rest } = evidence;
  await tx
    .update(approvals)
    .set({
      ...rest,
      requiredRoles: [...requiredRoles],
      openRules: [...openRules],
      blockingRules: [...blockingRules],
      state: "open",
      closedAt: null,
    })
    .where(eq(approvals.id, approvalId));
  const outdated = await tx
    .update(approvalSignOffs)
    .set({ outdatedAt: at, outdatedReason: "The evidence was computed anew and differs." })
    .where(
      and(
        eq(approvalSignOffs.approvalId, approvalId),
        isNull(approvalSignOffs.outdatedAt),
        or(
          ne(approvalSignOffs.evidenceDigest, rest.evidenceDigest),
          ne(approvalSignOffs.policyVersion, rest.policyVersion),
        ),
      ),
    )
    .returning({ id: approvalSignOffs.id });
  return outdated.length;
}
