/** Set by the web process from the socket on every request, whatever the client sent under this name. */
export const ADDRESS_HEADER = "x-countersign-address";

/** The peer's address, for slowing down wrong sign-ins. */
export function addressOf(headers: Headers): string {
  return headers.get(ADDRESS_HEADER) ?? "unknown";
}

/** Set likewise: path and query of the page that is asked for, so that a sign-in can lead back to it. */
export const PATH_HEADER = "x-countersign-path";

/** Path and query as the address bar shows them: without what Next adds for its own fetches. */
export function pathOf(headers: Headers): string | null {
  const path = headers.get(PATH_HEADER);
  if (path === null || !URL.canParse(path, "http://localhost")) return null;
  const url = new URL(path, "http://localhost");
  url.searchParams.delete("_rsc");
  return url.pathname + url.search;
}
