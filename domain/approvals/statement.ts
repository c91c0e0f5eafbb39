import type { Role } from "../identity/roles";
import type { ApprovalSubject, Decision } from "./status";

/** Everything that a signature says. Its RFC 8785 text is stored exactly; its SHA-256 names it. */
export type Statement = {
  readonly subject: { readonly kind: ApprovalSubject; readonly id: string; readonly digest: string };
  readonly policyVersion: string;
  readonly evidenceDigest: string;
  /** What it lets happen, such as "production". */
  readonly target: string;
  readonly decision: Decision;
  readonly meaning: string;
  readonly comment: string;
  /** Inconclusive rules that the signer judged and accepts, sorted. */
  readonly acceptedRules: readonly string[];
  readonly asRole: Role;
  readonly signer: { readonly id: string; readonly name: string };
  /** The server's time as ISO 8601 in UTC. */
  readonly signedAt: string;
};

type Parts = Omit<Statement, "signedAt"> & { readonly at: Date };

/** The statement as a JSON value with a fixed set of keys, so that the same signature always has the same text. */
export function statementOf({ at, acceptedRules, comment, ...parts }: Parts): Statement {
  return { ...parts, comment: comment.trim(), acceptedRules: [...acceptedRules].sort(), signedAt: at.toISOString() };
}
