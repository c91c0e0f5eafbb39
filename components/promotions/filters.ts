import { createLoader, parseAsArrayOf, parseAsStringLiteral } from "nuqs/server";
import { ENVIRONMENT_NAMES, PROMOTION_STATES } from "@/domain/promotions/status";

/** What the list of promotions keeps in the address. */
export const promotionFilters = {
  state: parseAsArrayOf(parseAsStringLiteral(PROMOTION_STATES)).withDefault([]),
  environment: parseAsStringLiteral(ENVIRONMENT_NAMES),
};
export const loadPromotionFilters = createLoader(promotionFilters);

/** The filter as the query takes it; page and component ask by the same key. */
export function promotionsQuery(
  projectId: string,
  filters: {
    readonly state: readonly (typeof PROMOTION_STATES)[number][];
    readonly environment: (typeof ENVIRONMENT_NAMES)[number] | null;
  },
) {
  return {
    projectId,
    ...(filters.state.length > 0 && { state: [...filters.state] }),
    ...(filters.environment && { environment: filters.environment }),
  };
}
