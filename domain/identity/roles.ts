/** The seven roles of the process, and the three standings that are not a role in it. */
export const PROCESS_ROLES = ["R1", "R2", "R3", "R4", "R5", "R6", "R7"] as const;
export const ROLES = [...PROCESS_ROLES, "ADM", "SVC", "AUD"] as const;

export type ProcessRole = (typeof PROCESS_ROLES)[number];
/** ADM: administrator of the organisation. SVC: service account. AUD: read-only auditor. */
export type Role = (typeof ROLES)[number];

export const ROLE_NAMES: Readonly<Record<Role, string>> = {
  R1: "business stakeholder",
  R2: "solution architect",
  R3: "data scientist",
  R4: "data engineer",
  R5: "software engineer",
  R6: "DevOps engineer",
  R7: "ML engineer",
  ADM: "administrator",
  SVC: "service account",
  AUD: "auditor",
};

export function isProcessRole(role: string): role is ProcessRole {
  return (PROCESS_ROLES as readonly string[]).includes(role);
}

/** "data scientist and ML engineer": role names joined as a person would say them. */
export function roleNames(roles: readonly Role[], joiner: "and" | "or" = "and"): string {
  const names = roles.map((role) => ROLE_NAMES[role]);
  const last = names.at(-1);
  if (last === undefined) return "nobody";
  return names.length === 1 ? last : `${names.slice(0, -1).join(", ")} ${joiner} ${last}`;
}
