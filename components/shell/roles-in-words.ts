import { ROLE_NAMES, type Role } from "@/domain/identity/roles";
import { capitalised } from "../data/format";

/** "Data scientist", "ML engineer and administrator", "Solution architect, data engineer and 3 more". */
export function rolesInWords(roles: readonly Role[]): string {
  const words = roles.map((role) => ROLE_NAMES[role]);
  const text = words.length > 2 ? `${words.slice(0, 2).join(", ")} and ${words.length - 2} more` : words.join(" and ");
  return text === "" ? "No role here" : capitalised(text);
}
