import type { Transaction } from "@/db/client";
import { approvals } from "@/db/schema/approvals";
import type { ApprovalSubject } from "@/domain/approvals/status";
import type { Barred } from "@/domain/approvals/types";
import type { Role } from "@/domain/identity/roles";
import { newId } from "../ids";

export type NewApproval = {
  readonly projectId: string;
  readonly subject: { readonly kind: ApprovalSubject; readonly id: string; readonly digest: string };
  readonly target: string;
  readonly policyVersion: string;
  readonly requiredRoles: readonly Role[];
  readonly barred: readonly Barred[];
  /** Null where a policy opened it. */
  readonly openedBy: string | null;
  readonly createdAt: Date;
  readonly deadlineAt: Date;
};

/** Adds an approval that prepares: it takes signatures once its evidence is set. Called in the subject's transaction. */
export async function openApproval(
  tx: Transaction,
  { subject, requiredRoles, ...approval }: NewApproval,
): Promise<string> {
  const id = newId();
  await tx.insert(approvals).values({
    ...approval,
    id,
    subjectKind: subject.kind,
    subjectId: subject.id,
    subjectDigest: subject.digest,
    requiredRoles: [...requiredRoles],
  });
  return id;
}
