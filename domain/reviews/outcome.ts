import type { Role } from "../identity/roles";
import { roleNames } from "../identity/roles";
import type { ReviewStanding, ReviewState } from "./status";
import type { ReviewFacts, StandingVerdict } from "./types";

export type ReviewOutcome = {
  readonly isApproved: boolean;
  /** What is missing, or who approved, as sentences. */
  readonly sentence: string;
};

const nameList = (names: readonly string[]): string => {
  const last = names.at(-1) ?? "";
  return names.length === 1 ? last : `${names.slice(0, -1).join(", ")} and ${last}`;
};

/** "R-12": what people call a review. */
export function reviewName(number: number): string {
  return `R-${number}`;
}

/** The sentence of threads that still wait; empty for none. */
export function threadsSentence(count: number): string {
  if (count === 0) return "";
  return count === 1 ? "1 thread is not resolved." : `${count} threads are not resolved.`;
}

function changesSentence(verdicts: readonly StandingVerdict[]): string {
  const names = [...new Set(verdicts.map(({ name }) => name))];
  if (names.length === 0) return "";
  return `${nameList(names)} ${names.length === 1 ? "asks" : "ask"} for changes.`;
}

/** Roles that are asked for and have neither approved the current evidence nor asked for changes in it. */
export function rolesWithoutVerdict(required: readonly Role[], facts: ReviewFacts): readonly Role[] {
  return required.filter((role) => !facts.verdicts.some((verdict) => verdict.role === role && !verdict.isOutdated));
}

function missingSentence(required: readonly Role[], facts: ReviewFacts): string {
  const missing = rolesWithoutVerdict(required, facts);
  if (missing.length === 0) return "";
  const outdated = missing.filter((role) => facts.verdicts.some((verdict) => verdict.role === role));
  const never = missing.filter((role) => !outdated.includes(role));
  const has = (roles: readonly Role[]) => (roles.length === 1 ? "has" : "have");
  return [
    never.length > 0 ? `The ${roleNames(never)} ${has(never)} not given a verdict.` : "",
    outdated.length > 0
      ? `The evidence changed after the verdict of the ${roleNames(outdated)}, who ${has(outdated)} to look again.`
      : "",
  ]
    .filter(Boolean)
    .join(" ");
}

/**
 * Whether a review opens the way: every required role approved the current evidence, nobody still asks for changes, and
 * every thread is resolved. While it passes, the sentence names nothing that a further comment or approval would change.
 */
export function outcomeOf(required: readonly Role[], facts: ReviewFacts | null): ReviewOutcome {
  if (!facts) return { isApproved: false, sentence: "No review is open for this version." };
  if (facts.evidenceDigest === null || !facts.isReady)
    return { isApproved: false, sentence: `The evidence of ${reviewName(facts.number)} is being computed.` };
  // Also where the evidence changed since: who asked for changes says whether they were made.
  const changes = facts.verdicts.filter(({ decision }) => decision === "changes_requested");
  const missing = [
    changesSentence(changes),
    missingSentence(required, facts),
    threadsSentence(facts.unresolvedThreads),
  ].filter(Boolean);
  if (missing.length > 0) return { isApproved: false, sentence: missing.join(" ") };
  return {
    isApproved: true,
    sentence: `${reviewName(facts.number)} is approved by the ${roleNames(required)}; every thread is resolved.`,
  };
}

/** Where a review stands. Where no policy asks for roles, one approval is enough to call it approved. */
export function standingOf(state: ReviewState, required: readonly Role[], facts: ReviewFacts): ReviewStanding {
  if (state !== "open") return state;
  if (facts.evidenceDigest === null || !facts.isReady) return "preparing";
  const current = facts.verdicts.filter(({ isOutdated }) => !isOutdated);
  if (facts.verdicts.some(({ decision }) => decision === "changes_requested")) return "changes_requested";
  const isEnough = rolesWithoutVerdict(required, facts).length === 0 && current.length > 0;
  return isEnough && facts.unresolvedThreads === 0 ? "approved" : "waiting";
}
