/** Set by the web process from the socket on every request, whatever the client sent under this name. */
export const ADDRESS_HEADER = "x-countersign-address";

/** The peer's address, for slowing down wrong sign-ins. */
export function addressOf(headers: Headers): string {
  return headers.get(ADDRESS_HEADER) ?? "unknown";
}
