/** Column types of a dataset version, after import; the names are DuckDB's families. */
export const COLUMN_TYPES = ["boolean", "integer", "double", "text", "date", "timestamp"] as const;
export type ColumnType = (typeof COLUMN_TYPES)[number];

export type ColumnSchema = { readonly name: string; readonly type: ColumnType };

/** One column's profile. Counts are rows; `share` lies in [0, 1]; min, max and quantiles are null for text. */
export type ColumnProfile = {
  readonly name: string;
  readonly type: ColumnType;
  readonly rows: number;
  readonly missing: number;
  readonly distinct: number;
  readonly min: string | null;
  readonly max: string | null;
  readonly mean: number | null;
  readonly standardDeviation: number | null;
  readonly quantiles: {
    readonly p05: number;
    readonly p25: number;
    readonly p50: number;
    readonly p75: number;
    readonly p95: number;
  } | null;
  /** Equal-width bins of a number, or bins of a date as epoch milliseconds: edges has one more entry than counts. */
  readonly histogram: { readonly edges: readonly number[]; readonly counts: readonly number[] } | null;
  /** The most frequent values of a text or boolean column, at most ten. */
  readonly top: readonly { readonly value: string; readonly rows: number }[] | null;
};

export type CheckSpec =
  | { readonly kind: "not_null"; readonly column: string }
  | { readonly kind: "unique"; readonly columns: readonly string[] }
  | { readonly kind: "range"; readonly column: string; readonly min: number | null; readonly max: number | null }
  | { readonly kind: "allowed_values"; readonly column: string; readonly values: readonly string[] }
  /** Dates at most `largestGapDays` apart: 1 asks for every day. */
  | { readonly kind: "gap_free_dates"; readonly column: string; readonly largestGapDays: number };

export type CheckResult = {
  readonly check: CheckSpec;
  readonly verdict: "pass" | "fail" | "error";
  /** Rows that break the check; for gaps, the number of missing days. */
  readonly failing: number;
  readonly rows: number;
  readonly message: string;
  /** At most ten rows (or missing dates) that show the failure. */
  readonly sample: readonly Readonly<Record<string, string | number | boolean | null>>[];
};
