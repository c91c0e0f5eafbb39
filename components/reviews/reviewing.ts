import { isProcessRole, type ProcessRole } from "@/domain/identity/roles";
import { type Reviewer, refusalForReviewer } from "@/domain/reviews/policy";
import type { Review } from "./words";

/** The roles in which a person may give a verdict, those that are asked for first. */
export function rolesToReviewAs(review: Review): readonly ProcessRole[] {
  const held = review.myRoles.filter(isProcessRole);
  return [
    ...held.filter((role) => review.requiredRoles.includes(role)),
    ...held.filter((role) => !review.requiredRoles.includes(role)),
  ];
}

/** Why this person may give no verdict now, by the rule that the server refuses by; null when they may. */
export function reviewingRefusal(review: Review, userId: string): string | null {
  const reviewer: Reviewer = { userId, isPerson: true, heldRoles: review.myRoles };
  const refusal = refusalForReviewer(review.rules, reviewer);
  if (refusal) return refusal.sentence;
  return rolesToReviewAs(review).length === 0 ? "You hold no role of the process in this project." : null;
}
