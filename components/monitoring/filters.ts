import { parseAsArrayOf, parseAsStringLiteral } from "nuqs/server";
import { ALERT_STATES } from "@/domain/monitoring/status";
import { ENVIRONMENT_NAMES } from "@/domain/promotions/status";

/** What the page of monitors keeps in the address. */
export const monitorFilters = {
  environment: parseAsArrayOf(parseAsStringLiteral(ENVIRONMENT_NAMES)).withDefault([]),
  alert: parseAsArrayOf(parseAsStringLiteral(ALERT_STATES)).withDefault([]),
};
