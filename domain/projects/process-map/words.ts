import { PROCESS_ROLES, roleNames } from "../../identity/roles";
import type { Column, ItemState, Principle, ProcessItem } from "./types";

export const COLUMN_TITLES: Readonly<Record<Column, string>> = {
  initiation: "Initiate",
  features: "Features",
  experiment: "Experiment",
  deployment: "Automate and deploy",
  monitoring: "Watch and feed back",
  cross: "Across all steps",
};

export const PRINCIPLE_TITLES: Readonly<Record<Principle, string>> = {
  P1: "CI/CD",
  P2: "orchestration",
  P3: "reproducibility",
  P4: "versioning",
  P5: "collaboration",
  P6: "continuous training",
  P7: "metadata",
  P8: "monitoring",
  P9: "feedback",
};

export const STATE_WORDS: Readonly<Record<ItemState, string>> = { done: "Done", begun: "Begun", not_yet: "Not yet" };

type Doers = Pick<ProcessItem, "roles" | "isAutomatic">;

/** Who could bring an item about: "A data scientist could do this." */
export function whoCould({ roles, isAutomatic }: Doers): string {
  const somebody = somebodyOf(roles);
  return isAutomatic ? `The product does this; ${lowered(somebody)} sets it going.` : `${somebody} could do this.`;
}

/** The same where the product has no place for it: nobody can do it here, whose work it would be all the same. */
export function whoWould({ roles }: Doers): string {
  return `The product keeps no record of this yet. It would be for ${lowered(somebodyOf(roles))}.`;
}

function somebodyOf(roles: ProcessItem["roles"]): string {
  if (roles.length === PROCESS_ROLES.length) return "Anybody in the project";
  const names = roleNames(roles, "or");
  return `${/^[aeiou]|^ML/.test(names) ? "An" : "A"} ${names}`;
}

const lowered = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);
