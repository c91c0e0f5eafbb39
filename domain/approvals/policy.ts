import type { ErrorCode } from "../errors";
import { ROLE_NAMES, type Role, roleNames } from "../identity/roles";
import type { ApprovalState, Decision } from "./status";
import type { Barred, SignOff } from "./types";

/** What an approval asks for, as it stands now. */
export type ApprovalRules = {
  readonly state: ApprovalState;
  readonly evidenceDigest: string | null;
  readonly policyVersion: string;
  readonly requiredRoles: readonly Role[];
  /** Inconclusive rules: a required ML engineer must name each, with a comment. */
  readonly openRules: readonly string[];
  /** Rules that failed or could not be judged: nobody can sign them away. */
  readonly blockingRules: readonly string[];
  readonly barred: readonly Barred[];
  readonly openedBy: string | null;
};

/** A signature that somebody is about to give. `heldRoles` are the person's roles as the database has them now. */
export type SigningAttempt = {
  readonly userId: string;
  readonly isPerson: boolean;
  readonly heldRoles: readonly Role[];
  readonly asRole: Role;
  readonly decision: Decision;
  readonly comment: string;
  readonly acceptedRules: readonly string[];
  /** What the person was shown. */
  readonly evidenceDigest: string;
  readonly policyVersion: string;
};

export type RefusalReason =
  | "person_needed"
  | "closed"
  | "not_ready"
  | "evidence_outdated"
  | "role_not_held"
  | "role_not_required"
  | "role_covered"
  | "barred"
  | "own_request"
  | "already_signed"
  | "second_role"
  | "blocked_by_rules"
  | "rules_not_accepted"
  | "not_yours_to_accept"
  | "comment_needed";

export type Refusal = { readonly reason: RefusalReason; readonly code: ErrorCode; readonly sentence: string };

/** The role whose holder judges inconclusive rules. */
export const JUDGING_ROLE: Role = "R7";

const CODES: Readonly<Record<RefusalReason, ErrorCode>> = {
  person_needed: "forbidden",
  closed: "conflict",
  not_ready: "conflict",
  evidence_outdated: "conflict",
  role_not_held: "forbidden",
  role_not_required: "forbidden",
  role_covered: "conflict",
  barred: "forbidden",
  own_request: "forbidden",
  already_signed: "already_exists",
  second_role: "forbidden",
  blocked_by_rules: "precondition_failed",
  rules_not_accepted: "precondition_failed",
  not_yours_to_accept: "precondition_failed",
  comment_needed: "invalid_input",
};

const refuse = (reason: RefusalReason, sentence: string): Refusal => ({ reason, code: CODES[reason], sentence });

/** Sign-offs that count: over the evidence and the policy that are current. */
export function currentSignOffs<S extends SignOff>(
  rules: Pick<ApprovalRules, "evidenceDigest" | "policyVersion">,
  signOffs: readonly S[],
): readonly S[] {
  return signOffs.filter(
    (signOff) =>
      !signOff.isOutdated &&
      signOff.evidenceDigest === rules.evidenceDigest &&
      signOff.policyVersion === rules.policyVersion,
  );
}

/** Required roles that nobody has signed for yet. */
export function missingRoles(rules: ApprovalRules, signOffs: readonly SignOff[]): readonly Role[] {
  const given = currentSignOffs(rules, signOffs).filter((signOff) => signOff.decision === "approved");
  return rules.requiredRoles.filter((role) => !given.some((signOff) => signOff.asRole === role));
}

/**
 * One return closes the approval. It is approved when every required role has signed, each by another person, no rule
 * blocks, and a required ML engineer has accepted every inconclusive rule by name.
 */
export function outcomeOf(rules: ApprovalRules, signOffs: readonly SignOff[]): "pending" | "approved" | "returned" {
  const current = currentSignOffs(rules, signOffs);
  if (current.some((signOff) => signOff.decision === "returned")) return "returned";
  if (rules.blockingRules.length > 0 || missingRoles(rules, signOffs).length > 0) return "pending";
  const counted = current.filter((signOff) => rules.requiredRoles.includes(signOff.asRole));
  const arePeopleDifferent = new Set(counted.map((signOff) => signOff.userId)).size >= rules.requiredRoles.length;
  const isAccepted = rules.openRules.every((rule) =>
    counted.some((signOff) => signOff.asRole === JUDGING_ROLE && signOff.acceptedRules.includes(rule)),
  );
  return arePeopleDifferent && isAccepted ? "approved" : "pending";
}

/** Why this approval takes no signature at all now; null when it waits for people. */
function refusalByState(rules: ApprovalRules): Refusal | null {
  if (rules.state === "preparing")
    return refuse("not_ready", "The evidence is being computed. It can be signed when the verdicts are there.");
  if (rules.state !== "open") return refuse("closed", "This is decided already.");
  return null;
}

function refusalByEvidence(rules: ApprovalRules, attempt: SigningAttempt): Refusal | null {
  if (attempt.evidenceDigest === rules.evidenceDigest && attempt.policyVersion === rules.policyVersion) return null;
  return refuse(
    "evidence_outdated",
    "The evidence or the policy has changed since you opened this page. Look at it again, then sign.",
  );
}

/** One signature per person and evidence, whatever the role; one that became outdated over the same evidence does not come back. */
function ownRefusal(
  rules: ApprovalRules,
  signOffs: readonly SignOff[],
  person: Pick<SigningAttempt, "userId" | "asRole">,
): Refusal | null {
  const own = signOffs.find(
    ({ userId, evidenceDigest, policyVersion }) =>
      userId === person.userId && evidenceDigest === rules.evidenceDigest && policyVersion === rules.policyVersion,
  );
  if (!own) return null;
  if (own.isOutdated)
    return refuse("already_signed", "Your signature over this evidence no longer counts. A colleague has to sign.");
  if (own.asRole === person.asRole) return refuse("already_signed", "You have signed this evidence already.");
  return refuse("second_role", `You have signed as ${ROLE_NAMES[own.asRole]}. One person cannot sign for two roles.`);
}

/** Why this person may not approve as this role, whatever they have been shown; null when they may. */
export function refusalForPerson(
  rules: ApprovalRules,
  signOffs: readonly SignOff[],
  person: Pick<SigningAttempt, "userId" | "isPerson" | "heldRoles" | "asRole">,
): Refusal | null {
  if (!person.isPerson) return refuse("person_needed", "Only a person may sign.");
  const state = refusalByState(rules);
  if (state) return state;
  if (!rules.requiredRoles.includes(person.asRole)) {
    return refuse(
      "role_not_required",
      `This asks for ${roleNames(rules.requiredRoles)}, not for the ${ROLE_NAMES[person.asRole]}.`,
    );
  }
  if (!person.heldRoles.includes(person.asRole)) {
    return refuse("role_not_held", `This needs the role ${ROLE_NAMES[person.asRole]}.`);
  }
  const bar = rules.barred.find((candidate) => candidate.userId === person.userId);
  if (bar) return refuse("barred", `You may not sign: you ${bar.reason}.`);
  const own = ownRefusal(rules, signOffs, person);
  if (own) return own;
  const current = currentSignOffs(rules, signOffs);
  if (current.some((signOff) => signOff.asRole === person.asRole)) {
    return refuse("role_covered", `Another ${ROLE_NAMES[person.asRole]} has signed already.`);
  }
  return null;
}

function refusalByRules(rules: ApprovalRules, attempt: SigningAttempt): Refusal | null {
  if (rules.blockingRules.length > 0) {
    return refuse("blocked_by_rules", `No signature opens this: ${rules.blockingRules.join(", ")} did not pass.`);
  }
  if (attempt.asRole !== JUDGING_ROLE) {
    return attempt.acceptedRules.length > 0
      ? refuse("not_yours_to_accept", `Inconclusive rules are judged by the ${ROLE_NAMES[JUDGING_ROLE]}.`)
      : null;
  }
  const isExact =
    rules.openRules.length === attempt.acceptedRules.length &&
    rules.openRules.every((rule) => attempt.acceptedRules.includes(rule));
  if (!isExact)
    return refuse(
      "rules_not_accepted",
      `Your statement must name each inconclusive rule: ${rules.openRules.join(", ") || "there is none"}.`,
    );
  if (rules.openRules.length > 0 && attempt.comment.trim() === "") {
    return refuse("comment_needed", "Say in a comment why the inconclusive rules are acceptable.");
  }
  return null;
}

/** A return opens nothing, so barred people and other roles may give one; reasons are needed, and one's own proposal is withdrawn. */
function refusalForReturn(rules: ApprovalRules, signOffs: readonly SignOff[], attempt: SigningAttempt): Refusal | null {
  if (!attempt.isPerson) return refuse("person_needed", "Only a person may return this.");
  if (!attempt.heldRoles.includes(attempt.asRole))
    return refuse("role_not_held", `This needs the role ${ROLE_NAMES[attempt.asRole]}.`);
  if (attempt.userId === rules.openedBy) return refuse("own_request", "You proposed this: withdraw it instead.");
  const own = ownRefusal(rules, signOffs, attempt);
  if (own) return own;
  return attempt.comment.trim() === "" ? refuse("comment_needed", "Say why you return it.") : null;
}

/**
 * The one rule of signing: the page disables its button by it, the verb refuses by it. Null when the signature counts.
 * Each refusal has a machine reason, an error code and a sentence to the person.
 */
export function refusalFor(
  rules: ApprovalRules,
  signOffs: readonly SignOff[],
  attempt: SigningAttempt,
): Refusal | null {
  const state = attempt.isPerson ? (refusalByState(rules) ?? refusalByEvidence(rules, attempt)) : null;
  if (state) return state;
  if (attempt.decision === "returned") return refusalForReturn(rules, signOffs, attempt);
  return refusalForPerson(rules, signOffs, attempt) ?? refusalByRules(rules, attempt);
}
