export const ENVIRONMENT_NAMES = ["staging", "production"] as const;
export type EnvironmentName = (typeof ENVIRONMENT_NAMES)[number];

export const PROMOTION_STATES = ["evaluating", "waiting", "deploying", "deployed", "returned", "withdrawn", "expired", "failed"] as const;
export type PromotionState = (typeof PROMOTION_STATES)[number];

export const VERDICTS = ["pass", "fail", "inconclusive", "error", "not_applicable"] as const;
export type Verdict = (typeof VERDICTS)[number];

export function isPromotionOpen(state: PromotionState): boolean {
  return state === "evaluating" || state === "waiting" || state === "deploying";
}
