export const ENVIRONMENT_NAMES = ["staging", "production"] as const;
export type EnvironmentName = (typeof ENVIRONMENT_NAMES)[number];

export const PROMOTION_STATES = [
  "evaluating",
  "waiting",
  "deploying",
  "deployed",
  "returned",
  "withdrawn",
  "expired",
  "failed",
] as const;
export type PromotionState = (typeof PROMOTION_STATES)[number];

/** not_yet: people have not done yet what the rule asks for; it blocks like a fail and passes without a new measurement. */
export const VERDICTS = ["pass", "fail", "inconclusive", "error", "not_yet", "not_applicable"] as const;
export type Verdict = (typeof VERDICTS)[number];

export function isPromotionOpen(state: PromotionState): boolean {
  return state === "evaluating" || state === "waiting" || state === "deploying";
}

const NEXT: Readonly<Record<PromotionState, readonly PromotionState[]>> = {
  evaluating: ["waiting", "withdrawn", "expired", "failed"],
  // Back to evaluating: the policy, the version in the environment or the environment before it has changed.
  waiting: ["evaluating", "deploying", "returned", "withdrawn", "expired"],
  deploying: ["deployed", "failed"],
  deployed: [],
  returned: [],
  withdrawn: [],
  expired: [],
  failed: [],
};

/** Whether a promotion may go from one state to another. A closed one stays as it is. */
export function canMove(from: PromotionState, to: PromotionState): boolean {
  return NEXT[from].includes(to);
}
