/** What the shell remembers of a person's screen. Cookies, so that the server draws the right page at once. */
export const RAIL_COOKIE = "countersign-rail";
export const PROJECT_COOKIE = "countersign-project";

/** Kept for a year. */
export function writeCookie(name: string, value: string): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing on plain http addresses
  document.cookie = `${name}=${encodeURIComponent(value)}; path=/; max-age=31536000; samesite=lax`;
}
