import { BINS, binLabels, binOf, chanceLimit, expectedPsi, isDrift, psi } from "./psi";
import type { FeatureDrift } from "./types";

/**
 * An input as the training rows of the same months have it: fixed bins with their counts. `edges` of a numeric
 * column are the reference's deciles; a column with few values has one bin a value and one for all others.
 */
export type ReferenceColumn = {
  readonly name: string;
  readonly rows: number;
  readonly bins:
    | {
        readonly kind: "numeric";
        readonly edges: readonly number[];
        readonly least: number;
        readonly most: number;
        readonly counts: readonly number[];
      }
    | { readonly kind: "categories"; readonly values: readonly string[]; readonly counts: readonly number[] };
};

/** Shares at which a numeric reference is cut into ten bins. */
export const DECILES = Array.from({ length: BINS - 1 }, (_, index) => (index + 1) / BINS);

/** Of one input, what the window's answers were asked with; filled row by row. */
export type InputTally = { missing: number; rows: number; outOfRange: number; readonly counts: number[] };

/** A value of the prediction log counted into the bins of its reference; without one only what is missing counts. */
export function tallyInput(tally: InputTally, reference: ReferenceColumn | null, value: unknown): void {
  tally.rows += 1;
  if (value === null || value === undefined || value === "") {
    tally.missing += 1;
    return;
  }
  if (!reference) return;
  const { bins } = reference;
  if (bins.kind === "numeric") {
    const number = typeof value === "number" ? value : Number(value);
    if (number < bins.least || number > bins.most || Number.isNaN(number)) tally.outOfRange += 1;
    add(tally, Number.isNaN(number) ? bins.edges.length : binOf(bins.edges, number));
    return;
  }
  const found = bins.values.indexOf(categoryOf(value));
  if (found < 0) tally.outOfRange += 1;
  add(tally, found < 0 ? bins.values.length : found);
}

function add(tally: InputTally, bin: number): void {
  tally.counts[bin] = (tally.counts[bin] ?? 0) + 1;
}

/** The same text for 1, 1.0 and "1", on both sides. */
export function categoryOf(value: unknown): string {
  if (typeof value === "string") {
    const number = Number(value);
    return value.trim() !== "" && Number.isFinite(number) ? String(number) : value;
  }
  return String(value);
}

export function emptyTally(reference: ReferenceColumn | null): InputTally {
  return { missing: 0, rows: 0, outOfRange: 0, counts: reference ? reference.bins.counts.map(() => 0) : [] };
}

/** The drift of one input with what sampling explains; `inputs` are looked at together. */
export function driftOf(
  name: string,
  { tally, reference }: { readonly tally: InputTally; readonly reference: ReferenceColumn | null },
  rule: { readonly limit: number; readonly inputs: number },
): FeatureDrift {
  const missingShare = tally.rows === 0 ? 0 : tally.missing / tally.rows;
  const current = tally.rows - tally.missing;
  if (!reference || current === 0) return { name, missing: tally.missing, missingShare, drift: null };
  const { bins } = reference;
  const rows = { n: reference.rows, m: current };
  // A bin that is empty on both sides says nothing and would only raise what chance explains.
  const used = bins.counts.map((count, bin) => count + (tally.counts[bin] ?? 0) > 0);
  const size = used.filter(Boolean).length;
  const chance = chanceLimit(size, rows, rule.inputs);
  const keep = (counts: readonly number[]) => counts.filter((_, bin) => used[bin]);
  const index = psi(keep(bins.counts), keep(tally.counts));
  const labels = bins.kind === "numeric" ? binLabels(bins.edges) : [...bins.values, "other values"];
  return {
    name,
    missing: tally.missing,
    missingShare,
    drift: {
      psi: index,
      expected: expectedPsi(size, rows.n, rows.m),
      chanceLimit: chance,
      outOfRange: tally.outOfRange / current,
      warns: isDrift(index, { limit: rule.limit, chance }),
      bins: labels.map((label, bin) => ({
        label,
        reference: (bins.counts[bin] ?? 0) / reference.rows,
        current: (tally.counts[bin] ?? 0) / current,
      })),
    },
  };
}
