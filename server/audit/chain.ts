import { sha256 } from "../blobs/digest";

/** What the first seal names as its predecessor. */
export const GENESIS = "0".repeat(64);

/** Digest of one link of the chain: `<sequence>\n<previous seal>\n<event digest>`, each digest as 64 hexadecimal digits. */
export function sealDigest(sequence: number, previousSha256: string, eventSha256: string): string {
  return sha256(`${sequence}\n${previousSha256}\n${eventSha256}`);
}

export type Sealed = {
  readonly sequence: number;
  readonly previousSha256: string;
  readonly sha256: string;
  readonly eventSha256: string;
  readonly text: string;
};

/** Why a sealed event does not hold, given the seal before it; null when it does. */
export function faultOf(link: Sealed, before: { readonly sequence: number; readonly sha256: string }): string | null {
  if (sha256(link.text) !== link.eventSha256) return "The text of the event does not have its digest.";
  if (link.sequence !== before.sequence + 1) return "A seal is missing before this one.";
  if (link.previousSha256 !== before.sha256) return "The seal does not follow from the one before it.";
  return sealDigest(link.sequence, link.previousSha256, link.eventSha256) === link.sha256
    ? null
    : "The seal does not have its digest.";
}
