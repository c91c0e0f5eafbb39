import { createLoader, parseAsArrayOf, parseAsIsoDate, parseAsString } from "nuqs/server";

export const auditFilters = {
  action: parseAsArrayOf(parseAsString).withDefault([]),
  who: parseAsArrayOf(parseAsString).withDefault([]),
  from: parseAsIsoDate,
  to: parseAsIsoDate,
  /** The event whose proof is open. */
  event: parseAsString,
};
export const loadAuditFilters = createLoader(auditFilters);

type AuditFilters = {
  readonly action: string[];
  readonly who: string[];
  readonly from: Date | null;
  readonly to: Date | null;
};

const DAY_MS = 86_400_000;

/** The filter as the server takes it; the last day counts whole. */
export function auditInput({ action, who, from, to }: AuditFilters) {
  return {
    actions: action,
    actorIds: who,
    ...(from && { from }),
    ...(to && { to: new Date(to.getTime() + DAY_MS - 1) }),
  };
}

/** How pages follow; shared by the page, which loads the first one, and the log. */
export const auditPaging = { getNextPageParam: (page: { readonly nextCursor: string | null }) => page.nextCursor };
