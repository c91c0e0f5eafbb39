import type { Barred } from "../approvals/types";
import type { ErrorCode } from "../errors";
import { ROLE_NAMES, type Role } from "../identity/roles";
import type { RiskClass } from "../projects/types";
import { ACCEPTED_FINDING, joinedBarred } from "../promotions/barred";
import type { ReviewDecision, ReviewState } from "./status";

export type ReviewRefusalReason =
  | "person_needed"
  | "closed"
  | "not_ready"
  | "evidence_outdated"
  | "role_not_held"
  | "barred"
  | "reason_needed"
  | "not_yours"
  | "already_resolved"
  | "not_resolved"
  | "no_anchor";

export type ReviewRefusal = {
  readonly reason: ReviewRefusalReason;
  readonly code: ErrorCode;
  readonly sentence: string;
};

const CODES: Readonly<Record<ReviewRefusalReason, ErrorCode>> = {
  person_needed: "forbidden",
  closed: "conflict",
  not_ready: "conflict",
  evidence_outdated: "conflict",
  role_not_held: "forbidden",
  barred: "forbidden",
  reason_needed: "invalid_input",
  not_yours: "forbidden",
  already_resolved: "conflict",
  not_resolved: "conflict",
  no_anchor: "not_found",
};

export const refuseReview = (reason: ReviewRefusalReason, sentence: string): ReviewRefusal => ({
  reason,
  code: CODES[reason],
  sentence,
});

/** A review as its rules see it. `isReady`: nothing has changed since the evidence was computed. */
export type ReviewRules = {
  readonly state: ReviewState;
  readonly isReady: boolean;
  readonly evidenceDigest: string | null;
  readonly barred: readonly Barred[];
};

export type Reviewer = { readonly userId: string; readonly isPerson: boolean; readonly heldRoles: readonly Role[] };

export type VerdictAttempt = Reviewer & {
  readonly asRole: Role;
  readonly decision: ReviewDecision;
  readonly comment: string;
  /** What the person was shown. */
  readonly evidenceDigest: string;
};

/** The people who made what is under review. Null: a policy or a schedule did, which is nobody. */
export type ReviewAuthors = {
  readonly openedBy: string;
  readonly runs: readonly {
    readonly name: string;
    readonly startedBy: string | null;
    readonly pushedBy: string | null;
  }[];
  /** Who accepted a finding that a run answers. */
  readonly findingsAcceptedBy: readonly (string | null)[];
  readonly registrations: readonly { readonly versionName: string; readonly registeredBy: string | null }[];
};

/**
 * Who may not give a verdict: who opened the review, started the run, registered the version or accepted the finding
 * that led to it; at high risk who pushed the code.
 */
export function barredReviewers(authors: ReviewAuthors, risk: RiskClass): readonly Barred[] {
  return joinedBarred([
    { userId: authors.openedBy, reason: "opened this review" },
    ...authors.runs.map(({ name, startedBy }) => ({ userId: startedBy, reason: `started ${name}` })),
    ...authors.registrations.map(({ versionName, registeredBy }) => ({
      userId: registeredBy,
      reason: `registered ${versionName}`,
    })),
    ...authors.findingsAcceptedBy.map((userId) => ({ userId, reason: ACCEPTED_FINDING })),
    ...(risk === "high"
      ? authors.runs.map(({ pushedBy }) => ({ userId: pushedBy, reason: "pushed the code that was run" }))
      : []),
  ]);
}

const CLOSED = "This review is closed.";

/** Why this person may not give any verdict now; null when they may. The page disables its button by it. */
export function refusalForReviewer(rules: ReviewRules, reviewer: Reviewer): ReviewRefusal | null {
  if (!reviewer.isPerson) return refuseReview("person_needed", "Only a person may give a verdict.");
  if (rules.state !== "open") return refuseReview("closed", CLOSED);
  const bar = rules.barred.find(({ userId }) => userId === reviewer.userId);
  if (bar) return refuseReview("barred", `You may not give a verdict: you ${bar.reason}.`);
  if (!rules.isReady || rules.evidenceDigest === null)
    return refuseReview("not_ready", "The evidence is being computed. A verdict can be given when it is there.");
  return null;
}

/** The one rule of verdicts: null when it counts. */
export function refusalForVerdict(rules: ReviewRules, attempt: VerdictAttempt): ReviewRefusal | null {
  const general = refusalForReviewer(rules, attempt);
  if (general) return general;
  if (attempt.evidenceDigest !== rules.evidenceDigest)
    return refuseReview(
      "evidence_outdated",
      "The evidence has changed since you opened this page. Look at it again, then give your verdict.",
    );
  if (!attempt.heldRoles.includes(attempt.asRole))
    return refuseReview("role_not_held", `This needs the role ${ROLE_NAMES[attempt.asRole]}.`);
  return attempt.decision === "changes_requested" && attempt.comment.trim() === ""
    ? refuseReview("reason_needed", "Say what has to change.")
    : null;
}

/** The role whose holder may resolve another person's thread, and close another person's review. */
export const MODERATING_ROLE: Role = "R7";

type ThreadFacts = { readonly openedBy: string; readonly isResolved: boolean; readonly reviewState: ReviewState };

/** A thread is resolved by who opened it, or by an ML engineer with a reason. */
export function refusalToResolve(
  thread: ThreadFacts,
  person: Pick<Reviewer, "userId" | "heldRoles">,
  reason: string,
): ReviewRefusal | null {
  if (thread.reviewState !== "open") return refuseReview("closed", CLOSED);
  if (thread.isResolved) return refuseReview("already_resolved", "This thread is resolved already.");
  if (thread.openedBy === person.userId) return null;
  if (!person.heldRoles.includes(MODERATING_ROLE))
    return refuseReview("not_yours", "Who opened the thread resolves it, or an ML engineer with a reason.");
  return reason.trim() === "" ? refuseReview("reason_needed", "Say why it is resolved.") : null;
}

/** A resolved thread may be opened again by anybody who may comment: that only closes the way. */
export function refusalToReopen(thread: ThreadFacts): ReviewRefusal | null {
  if (thread.reviewState !== "open") return refuseReview("closed", CLOSED);
  return thread.isResolved ? null : refuseReview("not_resolved", "This thread is open.");
}

/** Withdrawn by its opener; closed by its opener or an ML engineer. */
export function refusalToClose(
  review: { readonly state: ReviewState; readonly openedBy: string },
  person: Pick<Reviewer, "userId" | "heldRoles">,
  end: "closed" | "withdrawn",
): ReviewRefusal | null {
  if (review.state !== "open") return refuseReview("closed", "This review is closed already.");
  if (review.openedBy === person.userId) return null;
  if (end === "withdrawn") return refuseReview("not_yours", "Only who opened a review withdraws it.");
  return person.heldRoles.includes(MODERATING_ROLE)
    ? null
    : refuseReview("not_yours", "Who opened the review closes it, or an ML engineer.");
}
