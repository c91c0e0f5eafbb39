import { and, eq } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { approvalSignOffs, approvals } from "@/db/schema/approvals";
import { outcomeOf, type Refusal, refusalFor } from "@/domain/approvals/policy";
import { statementOf } from "@/domain/approvals/statement";
import type { Decision } from "@/domain/approvals/status";
import type { SignOff } from "@/domain/approvals/types";
import { AppError } from "@/domain/errors";
import type { Role } from "@/domain/identity/roles";
import { userIdOf } from "../authz/actor";
import type { Scope } from "../authz/authorize";
import { canonicalDigest } from "../blobs/digest";
import { newId } from "../ids";
import { closeApproval } from "./close-approval";
import { loadSignOffs, rulesOf } from "./sign-offs";

export type NewSignOff = {
  readonly approvalId: string;
  readonly asRole: Role;
  readonly decision: Decision;
  readonly meaning: string;
  readonly comment: string;
  readonly acceptedRules: readonly string[];
  /** What the person was shown. */
  readonly evidenceDigest: string;
  readonly policyVersion: string;
  readonly at: Date;
};

export type SignOffResult =
  | {
      readonly refusal: Refusal;
      readonly current: { readonly evidenceDigest: string | null; readonly policyVersion: string };
    }
  | { readonly refusal: null; readonly outcome: "pending" | "approved" | "returned"; readonly statementSha256: string };

/**
 * Takes one signature on any kind of subject, in the subject's transaction: locks the approval, decides by the shared
 * rule, keeps the exact statement with its digest, and closes the approval when this signature decides it.
 * A refusal is a result: the subject's verb writes its audit row and throws afterwards.
 */
export async function recordSignOff(tx: Transaction, scope: Scope, input: NewSignOff): Promise<SignOffResult> {
  const [approval] = await tx
    .select()
    .from(approvals)
    .where(and(eq(approvals.id, input.approvalId), eq(approvals.projectId, scope.projectId)))
    .for("no key update");
  if (!approval) throw new AppError("not_found", "approval", "There is no such approval.");
  const rules = rulesOf(approval);
  const signOffs = await loadSignOffs(tx, approval.id);
  const userId = userIdOf(scope.actor) ?? "";
  const { asRole, decision, comment, acceptedRules, evidenceDigest, policyVersion, meaning, at } = input;
  const attempt = {
    userId,
    isPerson: scope.actor.kind === "person",
    heldRoles: scope.roles,
    asRole,
    decision,
    comment,
    acceptedRules,
    evidenceDigest,
    policyVersion,
  };
  const refusal = refusalFor(rules, signOffs, attempt);
  if (refusal)
    return { refusal, current: { evidenceDigest: approval.evidenceDigest, policyVersion: approval.policyVersion } };

  const { text, digest } = canonicalDigest(
    statementOf({
      subject: { kind: approval.subjectKind, id: approval.subjectId, digest: approval.subjectDigest },
      target: approval.target,
      signer: { id: userId, name: scope.actor.name },
      policyVersion,
      evidenceDigest,
      decision,
      meaning,
      comment,
      acceptedRules,
      asRole,
      at,
    }),
  );
  const signOff: SignOff = {
    userId,
    asRole,
    decision,
    acceptedRules,
    evidenceDigest,
    policyVersion,
    isOutdated: false,
  };
  await tx.insert(approvalSignOffs).values({
    id: newId(),
    projectId: scope.projectId,
    approvalId: approval.id,
    userId,
    asRole,
    decision,
    meaning,
    comment,
    acceptedRules: [...acceptedRules],
    evidenceDigest,
    policyVersion,
    statement: text,
    statementSha256: digest,
    signedAt: at,
  });
  const outcome = outcomeOf(rules, [...signOffs, signOff]);
  if (outcome !== "pending") await closeApproval(tx, approval.id, { state: outcome, at });
  return { refusal: null, outcome, statementSha256: digest };
}
