import { parseAsArrayOf, parseAsStringLiteral } from "nuqs/server";
import { PROCESS_ROLES } from "@/domain/identity/roles";
import { STEPS } from "@/domain/projects/process-map/steps";
import { COLUMNS, ITEM_STATES, PRINCIPLES } from "@/domain/projects/process-map/types";

/** What the process map keeps in the address: the form, the open step, and the filters of the table. */
export const processFilters = {
  view: parseAsStringLiteral(["map", "table"]).withDefault("map"),
  step: parseAsStringLiteral(STEPS.map((step) => step.id)),
  state: parseAsArrayOf(parseAsStringLiteral(ITEM_STATES)).withDefault([]),
  principle: parseAsArrayOf(parseAsStringLiteral(PRINCIPLES)).withDefault([]),
  phase: parseAsArrayOf(parseAsStringLiteral(COLUMNS)).withDefault([]),
  role: parseAsArrayOf(parseAsStringLiteral(PROCESS_ROLES)).withDefault([]),
};
