import { eq } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { approvalSignOffs, type approvals } from "@/db/schema/approvals";
import type { ApprovalRules } from "@/domain/approvals/policy";
import type { SignOff } from "@/domain/approvals/types";

type ApprovalRow = typeof approvals.$inferSelect;
type SignOffRow = typeof approvalSignOffs.$inferSelect;

/** The part of a row that the rules of signing look at. */
export function rulesOf(approval: ApprovalRow): ApprovalRules {
  const { state, evidenceDigest, policyVersion, requiredRoles, openRules, blockingRules, barred, openedBy } = approval;
  return { state, evidenceDigest, policyVersion, requiredRoles, openRules, blockingRules, barred, openedBy };
}

export function signOffOf(row: SignOffRow): SignOff {
  const { userId, asRole, decision, acceptedRules, evidenceDigest, policyVersion, outdatedAt } = row;
  return { userId, asRole, decision, acceptedRules, evidenceDigest, policyVersion, isOutdated: outdatedAt !== null };
}

/** Every signature that the approval ever got, oldest first, outdated ones among them. */
export async function loadSignOffs(db: Executor, approvalId: string): Promise<readonly SignOff[]> {
  const rows = await db
    .select()
    .from(approvalSignOffs)
    .where(eq(approvalSignOffs.approvalId, approvalId))
    .orderBy(approvalSignOffs.id);
  return rows.map(signOffOf);
}
