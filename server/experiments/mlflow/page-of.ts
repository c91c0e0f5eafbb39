import { pageTokenOf } from "@/domain/experiments/page-token";

/** One page of a list, with a token only where more follows. */
export function pageOf(
  all: readonly object[],
  page: { readonly name: string; readonly limit: number; readonly offset: number },
): object {
  const shown = all.slice(page.offset, page.offset + page.limit);
  const next = page.offset + page.limit;
  return {
    ...(shown.length > 0 && { [page.name]: shown }),
    ...(all.length > next && { next_page_token: pageTokenOf({ offset: next }) }),
  };
}
