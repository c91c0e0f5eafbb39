/** Only an open review counts for a promotion. Closed: the conversation is over. Withdrawn: its opener took it back. */
export const REVIEW_STATES = ["open", "closed", "withdrawn"] as const;
export type ReviewState = (typeof REVIEW_STATES)[number];

export const REVIEW_DECISIONS = ["approved", "changes_requested"] as const;
export type ReviewDecision = (typeof REVIEW_DECISIONS)[number];

/** What a thread is about. `whole`: the review itself. */
export const ANCHOR_KINDS = ["whole", "run", "metric", "slice", "artifact"] as const;
export type AnchorKind = (typeof ANCHOR_KINDS)[number];

/** Where a review stands, as lists and headings say it. */
export const REVIEW_STANDINGS = [
  "preparing",
  "waiting",
  "changes_requested",
  "approved",
  "closed",
  "withdrawn",
] as const;
export type ReviewStanding = (typeof REVIEW_STANDINGS)[number];
