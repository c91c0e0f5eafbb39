import { parseAsArrayOf, parseAsInteger, parseAsStringLiteral } from "nuqs/server";

export const SIGNED_STATES = ["signed", "waiting", "returned"] as const;

/** The list's filters. */
export const viewFilters = {
  signed: parseAsArrayOf(parseAsStringLiteral(SIGNED_STATES)).withDefault([]),
};

/** Which version of a view is shown; the newest without. */
export const shownView = { version: parseAsInteger };
