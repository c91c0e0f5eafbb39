import type { LabelValue } from "./types";

/** One label as it came in. */
export type IncomingLabel = {
  readonly requestId: string;
  readonly row: number;
  readonly value: LabelValue;
  readonly eventTimeMs: number;
};

/** What is known of one answer's truth. `known` holds every value with its event time, the first among them. */
export type KnownLabel = {
  readonly value: LabelValue;
  readonly eventTimeMs: number;
  readonly known: readonly { readonly value: LabelValue; readonly eventTimeMs: number }[];
};

export type LabelChange = "repeated" | "confirms" | "kept_beside" | "replaces";

/**
 * What another label for the same answer means. The value that counts is the one whose truth became known last, so
 * that the order of arrival does not matter; of two for the same instant the later arrival counts. The same value
 * again with a later time moves only its time on; with an earlier one, or as a message that was seen before, it
 * changes nothing.
 */
export function labelChange(known: KnownLabel, incoming: Pick<IncomingLabel, "value" | "eventTimeMs">): LabelChange {
  if (incoming.value === known.value) return incoming.eventTimeMs > known.eventTimeMs ? "confirms" : "repeated";
  const isSeen = known.known.some((each) => each.value === incoming.value && each.eventTimeMs === incoming.eventTimeMs);
  if (isSeen) return "repeated";
  return incoming.eventTimeMs >= known.eventTimeMs ? "replaces" : "kept_beside";
}

export const labelKey = (label: { readonly requestId: string; readonly row: number }) =>
  `${label.requestId}:${label.row}`;
