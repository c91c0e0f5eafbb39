import { refusalFor, refusalForPerson } from "@/domain/approvals/policy";
import { can } from "@/domain/identity/policy";
import type { ProcessRole } from "@/domain/identity/roles";
import { isProcessRole } from "@/domain/identity/roles";
import { type Promotion, signOffOf } from "../promotions/promotion-words";

export type Act =
  | { readonly asRole: ProcessRole; readonly reason: null }
  | { readonly asRole: null; readonly reason: string };

/** As which role the person can sign, or the sentence why not: the rule by which the server refuses. */
export function signingOf(promotion: Promotion, userId: string): Act {
  const { rules } = promotion.approval;
  const signOffs = promotion.signatures.map(signOffOf);
  if (rules.state === "open" && rules.blockingRules.length > 0) {
    return { asRole: null, reason: `No signature opens this: ${rules.blockingRules.join(", ")} did not pass.` };
  }
  const held = rules.requiredRoles.filter((role) => promotion.myRoles.includes(role));
  const tries = (held.length > 0 ? held : rules.requiredRoles).map((asRole) => ({
    asRole,
    refusal: refusalForPerson(rules, signOffs, { userId, isPerson: true, heldRoles: promotion.myRoles, asRole }),
  }));
  const open = tries.find(({ refusal }) => refusal === null)?.asRole;
  if (open && isProcessRole(open)) return { asRole: open, reason: null };
  return {
    asRole: null,
    reason: tries.find(({ refusal }) => refusal !== null)?.refusal?.sentence ?? "Nobody is asked to sign.",
  };
}

/** As which role the person can return it, or the sentence why not. */
export function returningOf(promotion: Promotion, userId: string): Act {
  const { rules } = promotion.approval;
  const asRole = promotion.myRoles.filter(isProcessRole).find((role) => can([role], "promotions.return"));
  if (!asRole) return { asRole: null, reason: "Your roles do not return promotions." };
  const refusal = refusalFor(rules, promotion.signatures.map(signOffOf), {
    userId,
    isPerson: true,
    heldRoles: promotion.myRoles,
    asRole,
    decision: "returned",
    comment: "reasons",
    acceptedRules: [],
    evidenceDigest: rules.evidenceDigest ?? "",
    policyVersion: rules.policyVersion,
  });
  return refusal ? { asRole: null, reason: refusal.sentence } : { asRole, reason: null };
}
