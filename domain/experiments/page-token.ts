import { AppError } from "../errors";

/** An opaque token that says where the next page begins. */
export function pageTokenOf(position: Readonly<Record<string, unknown>>): string {
  return btoa(JSON.stringify(position));
}

/** The position in a token, as it was written; throws `invalid_input` for a text that is none. */
export function positionOf(token: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(atob(token));
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch {
    // Told below, in the words that clients know.
  }
  throw new AppError("invalid_input", "page_token", "Invalid page token, could not decode it.");
}

/** The offset in a token; 0 where there is none. */
export function offsetOf(token: string | undefined): number {
  if (!token) return 0;
  const { offset } = positionOf(token);
  if (typeof offset === "number" && Number.isSafeInteger(offset) && offset >= 0) return offset;
  throw new AppError("invalid_input", "page_token", "Invalid page token: it names no offset.");
}
