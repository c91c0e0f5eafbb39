export const APPROVAL_SUBJECTS = ["promotion", "feature_view", "threshold", "initiation"] as const;
export type ApprovalSubject = (typeof APPROVAL_SUBJECTS)[number];

/** preparing: its evidence is being computed. open: waits for people. */
export const APPROVAL_STATES = [
  "preparing",
  "open",
  "approved",
  "returned",
  "withdrawn",
  "expired",
  "cancelled",
] as const;
export type ApprovalState = (typeof APPROVAL_STATES)[number];

export const DECISIONS = ["approved", "returned"] as const;
export type Decision = (typeof DECISIONS)[number];
