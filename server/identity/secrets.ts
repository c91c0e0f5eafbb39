import { randomBytes } from "node:crypto";
import { sha256 } from "../blobs/digest";

/** What a secret is for, readable in its first characters: a person's, a service's, a step's token, a one-time link. */
export type SecretKind = "csp" | "css" | "csr" | "csl";

export type Secret = {
  /** Shown once; never stored. */
  readonly secret: string;
  readonly sha256: string;
  /** First characters, to recognise it in a list. */
  readonly hint: string;
};

/** 256 random bits: too many to guess, so a plain SHA-256 of it is enough to keep. */
export function newSecret(kind: SecretKind): Secret {
  const secret = `${kind}_${randomBytes(32).toString("base64url")}`;
  return { secret, sha256: sha256(secret), hint: secret.slice(0, 10) };
}
