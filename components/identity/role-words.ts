import { ROLE_NAMES, type Role } from "@/domain/identity/roles";

/** "ML engineer": the role's name at the start of a line. */
export function roleTitle(role: Role): string {
  const name = ROLE_NAMES[role];
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

/** What each role is there for, in a person's words. */
export const ROLE_DUTIES: Readonly<Partial<Record<Role, string>>> = {
  R1: "States the problem, agrees the threshold, signs for production.",
  R2: "Decides the architecture and signs it.",
  R3: "Trains models, proposes promotions.",
  R4: "Brings in data, sets its checks.",
  R5: "Reviews code, signs the serving contract.",
  R6: "Runs and rolls back deployments, makes service accounts.",
  R7: "Signs promotions, sets policies and thresholds.",
};
