import { currentSignOffs, missingRoles } from "@/domain/approvals/policy";
import type { SignOff } from "@/domain/approvals/types";
import { roleNames } from "@/domain/identity/roles";
import type { RouterOutputs } from "../providers/trpc";

export type Promotion = RouterOutputs["promotions"]["get"];
export type Signature = Promotion["signatures"][number];

/** A signature in the form that the rules of signing look at. */
export function signOffOf(signature: Signature): SignOff {
  return { ...signature, isOutdated: signature.outdatedAt !== null };
}

/** Who signed the evidence that is current, and how many are asked for. */
export function progressOf(promotion: Promotion) {
  const { rules } = promotion.approval;
  const signOffs = promotion.signatures.map(signOffOf);
  const given = currentSignOffs(rules, signOffs).filter((signOff) => signOff.decision === "approved").length;
  return { given, needed: rules.requiredRoles.length, missing: missingRoles(rules, signOffs) };
}

/** What the badge beside the title says; null: the state's own word. */
export function stateWord(promotion: Promotion, canISign: boolean): string | undefined {
  if (promotion.state !== "waiting") return undefined;
  if (promotion.approval.rules.state === "approved") return "Approved, about to deploy";
  const { given, needed } = progressOf(promotion);
  if (canISign) return "Waiting for you";
  if (needed === 1) return `Waiting for the ${roleNames(promotion.approval.rules.requiredRoles)}`;
  return `Waiting for ${needed - given} of ${needed} people`;
}

/** "3 days left", "5 h left", "no time left". */
export function timeLeft(deadlineAt: Date, now: number): string {
  const hours = (deadlineAt.getTime() - now) / 3_600_000;
  if (hours <= 0) return "no time left";
  if (hours < 1) return `${Math.max(1, Math.round(hours * 60))} min left`;
  if (hours < 48) return `${Math.round(hours)} h left`;
  return `${Math.round(hours / 24)} days left`;
}

/** Whether the promotion can still be signed, returned or withdrawn. */
export function isWaiting(promotion: Promotion): boolean {
  return promotion.state === "waiting" || promotion.state === "evaluating";
}
