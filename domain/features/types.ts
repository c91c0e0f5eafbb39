import type { ColumnType } from "../data/types";

/** One column of a feature view: what it is called, the DuckDB expression over the dataset's row that gives it, and its type. */
export type FeatureColumn = { readonly name: string; readonly expression: string; readonly type: ColumnType };

/**
 * What a version of a feature view says. Its RFC 8785 text is what people sign, so every key is always there.
 * `timeToLiveSeconds` 0 means that a value never grows too old.
 */
export type FeatureDefinition = {
  readonly name: string;
  readonly dataset: string;
  /** Columns of the dataset that name the entity; their order is the order in which they were given. */
  readonly entityColumns: readonly string[];
  readonly eventTimeColumn: string;
  /** When a row became known; decides between rows of one entity and event time. Null where the dataset has none. */
  readonly createdTimeColumn: string | null;
  readonly columns: readonly FeatureColumn[];
  readonly timeToLiveSeconds: number;
  readonly description: string;
};

/** What a training set was made from. Written as the step's report and kept with the row. */
export type TrainingSetManifest = {
  readonly view: {
    readonly name: string;
    readonly version: number;
    readonly digest: string;
    readonly isSigned: boolean;
  };
  readonly dataset: { readonly name: string; readonly version: number; readonly digest: string };
  /** Where the rows came from that features were joined to; null where no dataset version was handed on unchanged. */
  readonly rowsFrom: { readonly dataset: string; readonly version: number } | null;
  readonly rowsSha256: string;
  readonly label: string | null;
  /** Bounds of the event time, both inclusive; null where there is none. */
  readonly from: string | null;
  readonly to: string | null;
  readonly timeToLiveSeconds: number;
  readonly entityColumns: readonly string[];
  readonly eventTimeColumn: string;
  readonly featureColumns: readonly string[];
  readonly labelColumn: string | null;
  readonly rows: number;
  /** Rows for which no row of the view was known, or only one that was too old. */
  readonly unmatchedRows: number;
  readonly parquetSha256: string;
};

/** Offline against online after a materialisation: rows of the snapshot, and what became of each. */
export type Parity = {
  readonly offline: number;
  /** The online row has the event time and the values of the offline one. */
  readonly equal: number;
  /** The online row is newer: another materialisation has passed this one. */
  readonly newer: number;
  /** The online row is missing or says something else. */
  readonly different: number;
};
