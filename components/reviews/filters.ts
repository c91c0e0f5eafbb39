import { createLoader, parseAsArrayOf, parseAsStringLiteral } from "nuqs/server";
import { REVIEW_STATES, type ReviewState } from "@/domain/reviews/status";

/** What the list of reviews keeps in the address. */
export const reviewFilters = {
  state: parseAsArrayOf(parseAsStringLiteral(REVIEW_STATES)).withDefault([]),
};
export const loadReviewFilters = createLoader(reviewFilters);

/** The filter as the query takes it; page and component ask by the same key. */
export function reviewsQuery(projectId: string, filters: { readonly state: readonly ReviewState[] }) {
  return { projectId, ...(filters.state.length > 0 && { state: [...filters.state] }) };
}

const REVIEW_TABS = ["conversation", "metrics", "data", "code"] as const;

/** Which part of a review is shown: a colleague who opens the link sees the same. */
export const reviewTab = { tab: parseAsStringLiteral(REVIEW_TABS).withDefault("conversation") };
