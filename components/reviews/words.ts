import { metricText } from "@/domain/promotions/metrics";
import type { AnchorKind } from "@/domain/reviews/status";
import type { RouterOutputs } from "../providers/trpc";

export type Review = RouterOutputs["reviews"]["get"];
export type ReviewThread = Review["threads"][number];
export type ReviewRecord = NonNullable<Review["evidence"]>["record"];
export type Slice = ReviewRecord["slices"][number];
export type Anchor = { readonly kind: AnchorKind; readonly key: string };

/** The short name of a side: "v7" of "seattle-rain v7"; a run's name as it is. */
export function shortLabel(label: string): string {
  return /\bv\d+$/.exec(label)?.[0] ?? label;
}

/** "0.72 to 0.87", for figures with an interval. */
export function rangeText(interval: readonly [number, number] | null | undefined): string {
  return interval ? `${metricText(interval[0])} to ${metricText(interval[1])}` : "";
}

/** "on the slice “Windy”": to what a thread is anchored; empty for the whole. */
export function anchorText(anchor: { readonly kind: AnchorKind; readonly label: string }): string {
  if (anchor.kind === "whole") return "on the whole";
  const nouns = { run: "the run", metric: "the metric", slice: "the slice", artifact: "the file" } as const;
  return `on ${nouns[anchor.kind]} “${anchor.label}”`;
}

/** How many threads are anchored at a value, and how many of them wait. */
export function threadsAt(review: Review, anchor: Anchor) {
  const all = review.threads.filter((thread) => thread.anchor.kind === anchor.kind && thread.anchor.key === anchor.key);
  return { all: all.length, unresolved: all.filter(({ resolved }) => resolved === null).length, first: all[0] ?? null };
}
