import { createHash } from "node:crypto";
import canonicalize from "canonicalize";

/** SHA-256 as lower-case hexadecimal. */
export function sha256(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

/** RFC 8785 text of a JSON value. Throws where a value has no JSON form (NaN, undefined at the top). */
export function canonicalText(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new Error("The value has no JSON form.");
  return text;
}

export function canonicalDigest(value: unknown): { readonly text: string; readonly digest: string } {
  const text = canonicalText(value);
  return { text, digest: sha256(text) };
}
