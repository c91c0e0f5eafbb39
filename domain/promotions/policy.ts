import type { ApprovalState } from "../approvals/status";
import { can, type Permission, refusalSentence, rolesWith } from "../identity/policy";
import type { Role } from "../identity/roles";
import { roleNames } from "../identity/roles";
import type { RiskClass } from "../projects/types";
import type { EnvironmentName, PromotionState } from "./status";
import type { PolicyRules } from "./types";

/** Roles that sign by default: the ML engineer; for production above low risk the stakeholder as well. */
export function defaultRequiredRoles(environment: EnvironmentName, risk: RiskClass): readonly Role[] {
  return environment === "production" && risk !== "low" ? ["R7", "R1"] : ["R7"];
}

/** Why a policy with these required roles is refused, or null: it may ask for more than the risk class does, never for less. */
export function requiredRolesProblem(
  required: readonly Role[],
  environment: EnvironmentName,
  risk: RiskClass,
): string | null {
  const missing = defaultRequiredRoles(environment, risk).filter((role) => !required.includes(role));
  if (missing.length > 0) return `At ${risk} risk, ${environment} needs the signature of the ${roleNames(missing)}.`;
  const unable = required.filter((role) => !can([role], "promotions.sign"));
  return unable.length > 0
    ? `A promotion is signed by ${roleNames(rolesWith("promotions.sign"))}, not by the ${roleNames(unable)}.`
    : null;
}

/** Roles that must approve a review; a version of the policy from before there were reviews asks for none. */
export function reviewRolesOf(rules: Pick<PolicyRules, "reviewRoles">): readonly Role[] {
  return rules.reviewRoles ?? [];
}

const PROPOSE: Readonly<Record<EnvironmentName, Permission>> = {
  staging: "promotions.propose_staging",
  production: "promotions.propose_production",
};

export type ProposalFacts = {
  readonly environment: EnvironmentName;
  readonly roles: readonly Role[];
  readonly origin: "production" | "development" | "outside";
  readonly hasOnnx: boolean;
  readonly hasPolicy: boolean;
  /** Number of the open promotion of the model to the environment. */
  readonly openPromotion: number | null;
  readonly isServing: boolean;
  /** The environment that must serve the version first, and whether it does. */
  readonly order: { readonly requires: EnvironmentName; readonly isServing: boolean } | null;
  /** "seattle-rain v7". */
  readonly name: string;
  /** A policy or a schedule started the run, which is nobody, and no person asks now. */
  readonly needsPerson?: boolean;
};

export type ProposalRefusal = {
  readonly reason:
    | "role_needed"
    | "person_needed"
    | "not_from_production"
    | "no_onnx"
    | "no_policy"
    | "open_promotion"
    | "already_serving"
    | "order";
  readonly sentence: string;
};

const ORIGINS = {
  development: "It comes from a development definition's run.",
  outside: "It was registered outside of a pipeline.",
} as const;

/** Why a version may not be proposed, or null. The page shows the sentence where its button is disabled. */
export function proposalRefusal(facts: ProposalFacts): ProposalRefusal | null {
  const { environment, name } = facts;
  const permission = PROPOSE[environment];
  if (!can(facts.roles, permission))
    return { reason: "role_needed", sentence: refusalSentence(facts.roles, permission) ?? "This needs another role." };
  if (facts.needsPerson)
    return { reason: "person_needed", sentence: "A policy started the run of this version, so a person proposes it." };
  if (facts.origin !== "production") {
    return {
      reason: "not_from_production",
      sentence: `${ORIGINS[facts.origin]} Only a version from a production definition's run may be proposed.`,
    };
  }
  if (!facts.hasOnnx)
    return { reason: "no_onnx", sentence: `${name} has no ONNX file, which is what is evaluated and served.` };
  if (!facts.hasPolicy)
    return { reason: "no_policy", sentence: `${environment} has no policy yet. An ML engineer publishes one.` };
  if (facts.isServing) return { reason: "already_serving", sentence: `${name} serves in ${environment} already.` };
  if (facts.openPromotion !== null) {
    return {
      reason: "open_promotion",
      sentence: `Promotion #${facts.openPromotion} of this model to ${environment} is open. Decide or withdraw it first.`,
    };
  }
  if (facts.order && !facts.order.isServing) {
    return { reason: "order", sentence: `${name} does not serve in ${facts.order.requires}. Promote it there first.` };
  }
  return null;
}

export type ExecutionFacts = {
  readonly now: Date;
  readonly deadlineAt: Date;
  readonly isEvidenceCurrent: boolean;
  readonly isPolicyCurrent: boolean;
  readonly isBaselineCurrent: boolean;
  readonly isOrderKept: boolean;
  /** Names of signers who no longer hold the role they signed for. */
  readonly signersWithoutRole: readonly string[];
};

/**
 * What has changed between the last signature and the deployment. `expire`: it came too late. `evaluate`: the evidence
 * no longer describes what would happen. `sign`: signatures no longer count. Null: deploy.
 */
export function executionChange(
  facts: ExecutionFacts,
): { readonly next: "expire" | "evaluate" | "sign"; readonly sentence: string } | null {
  if (facts.now >= facts.deadlineAt)
    return { next: "expire", sentence: "The deadline passed before it could be deployed." };
  if (!facts.isPolicyCurrent) return { next: "evaluate", sentence: "A newer policy was published." };
  if (!facts.isBaselineCurrent) return { next: "evaluate", sentence: "Another version serves in the environment now." };
  if (!facts.isOrderKept)
    return { next: "evaluate", sentence: "The version no longer serves in the environment before." };
  if (!facts.isEvidenceCurrent) return { next: "evaluate", sentence: "The evidence has changed." };
  if (facts.signersWithoutRole.length > 0) {
    return {
      next: "sign",
      sentence: `${facts.signersWithoutRole.join(" and ")} no longer ${facts.signersWithoutRole.length === 1 ? "holds" : "hold"} the role signed for.`,
    };
  }
  return null;
}

/** Shares of the time from opening to deadline at which those who have not signed are reminded: after two and six of seven days. */
const REMINDERS = [2 / 7, 6 / 7] as const;

/** Instants of the reminders, in order. */
export function remindersOf(createdAt: Date, deadlineAt: Date): readonly Date[] {
  const span = deadlineAt.getTime() - createdAt.getTime();
  return REMINDERS.map((share) => new Date(createdAt.getTime() + Math.round(span * share)));
}

export type PromotionFacts = {
  readonly state: PromotionState;
  readonly approvalState: ApprovalState;
  readonly createdAt: Date;
  readonly deadlineAt: Date;
  readonly remindedAt: Date | null;
  /** Set where a deployment of another promotion or a rollback is under way in the environment. */
  readonly isEnvironmentBusy: boolean;
  readonly now: Date;
};

export type NextAct =
  | { readonly act: "evaluate" | "deploy" | "deliver" | "remind" | "expire" | "done" }
  | { readonly act: "wait"; readonly until: Date };

/** How long a busy environment is left alone before the next look; a finished deployment nudges earlier. */
const BUSY_MS = 5_000;

/** What the waiting workflow does next. The record alone decides; a nudge only makes it look again. */
export function nextAct(facts: PromotionFacts): NextAct {
  if (facts.state === "deploying") return { act: "deliver" };
  if (facts.state !== "evaluating" && facts.state !== "waiting") return { act: "done" };
  if (facts.now >= facts.deadlineAt) return { act: "expire" };
  if (facts.state === "evaluating") return { act: "evaluate" };
  if (facts.approvalState === "approved") {
    return facts.isEnvironmentBusy
      ? { act: "wait", until: new Date(facts.now.getTime() + BUSY_MS) }
      : { act: "deploy" };
  }
  const due = remindersOf(facts.createdAt, facts.deadlineAt).filter(
    (at) => facts.remindedAt === null || at > facts.remindedAt,
  );
  const next = due[0];
  if (next && next <= facts.now) return { act: "remind" };
  return { act: "wait", until: next && next < facts.deadlineAt ? next : facts.deadlineAt };
}
