import { ROLE_NAMES, type Role } from "./roles";

/** Roles that a stakeholder of the project or an administrator gives alone. */
export const FREE_ROLES = ["R3", "R4", "R5"] as const satisfies readonly Role[];
/** Roles that decide: an administrator gives them, a second one confirms. */
export const RESTRICTED_ROLES = ["R1", "R2", "R6", "R7"] as const satisfies readonly Role[];
/** Standings in the organisation, given as the restricted roles are. */
export const STANDINGS = ["ADM", "AUD"] as const satisfies readonly Role[];

export function isRestricted(role: Role): boolean {
  return !(FREE_ROLES as readonly Role[]).includes(role);
}

/** What becomes of a grant: at once, at once because there is no second administrator, or after one confirms. */
export type GrantRoute = "direct" | "first_administrator" | "second_administrator";

/** `administrators` counts the active ones of the organisation, the granting one included. */
export function routeOf(role: Role, administrators: number): GrantRoute {
  if (!isRestricted(role)) return "direct";
  return administrators < 2 ? "first_administrator" : "second_administrator";
}

/** The audit row's words for how a role was given. */
export function grantSentence(role: Role, person: string, route: GrantRoute): string {
  const what = `the role ${ROLE_NAMES[role]} to ${person}`;
  if (route === "first_administrator") return `granted ${what} alone, because there is no second administrator yet`;
  return route === "second_administrator" ? `asked a second administrator to grant ${what}` : `granted ${what}`;
}

/** Whether a new standing would leave the organisation without an administrator. `administrators`: the active ones. */
export function leavesNoAdministrator(administrators: readonly string[], userId: string, standing: string): boolean {
  return standing !== "ADM" && administrators.length === 1 && administrators[0] === userId;
}

export const LAST_ADMINISTRATOR = "The last administrator stays one. Make somebody else an administrator first.";

export type GrantRefusal = "already_decided" | "own_request" | "requester_gone" | "last_administrator";
type OpenGrant = {
  readonly requestedBy: string;
  readonly decidedAt: Date | null;
  readonly requesterIsActive: boolean;
  /** Granting it would leave no administrator. */
  readonly isOfLastAdministrator: boolean;
};

/** Why an administrator may not decide on a grant; null when they may. Turning one's own request down is allowed. */
export function grantRefusal(grant: OpenGrant, by: string, isGranted: boolean): GrantRefusal | null {
  if (grant.decidedAt !== null) return "already_decided";
  if (!isGranted) return null;
  if (grant.requestedBy === by) return "own_request";
  if (!grant.requesterIsActive) return "requester_gone";
  return grant.isOfLastAdministrator ? "last_administrator" : null;
}

export const GRANT_REFUSALS: Readonly<Record<GrantRefusal, string>> = {
  already_decided: "This grant is decided already.",
  own_request: "You asked for this grant. A second administrator confirms it.",
  requester_gone: "Who asked for this grant is no longer an administrator. Decline it and grant anew.",
  last_administrator: LAST_ADMINISTRATOR,
};
