import { createLoader, parseAsArrayOf, parseAsBoolean, parseAsStringLiteral } from "nuqs/server";
import { ITEM_STATES, type ItemState } from "@/domain/feedback/status";
import { FEEDBACK_KINDS, type FeedbackKind } from "@/domain/feedback/types";

/** What the list of feedback keeps in the address. */
export const feedbackFilters = {
  state: parseAsArrayOf(parseAsStringLiteral(ITEM_STATES)).withDefault([]),
  kind: parseAsArrayOf(parseAsStringLiteral(FEEDBACK_KINDS)).withDefault([]),
  mine: parseAsBoolean.withDefault(false),
};
export const loadFeedbackFilters = createLoader(feedbackFilters);

/** The filter as the query takes it; page and component ask by the same key. */
export function feedbackQuery(
  projectId: string,
  filters: { readonly state: readonly ItemState[]; readonly kind: readonly FeedbackKind[]; readonly mine: boolean },
) {
  return {
    projectId,
    ...(filters.state.length > 0 && { state: [...filters.state] }),
    ...(filters.kind.length > 0 && { kind: [...filters.kind] }),
    ...(filters.mine && { mine: true }),
  };
}
