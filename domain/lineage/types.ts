export const NODE_KINDS = [
  "dataset_version",
  "validation_report",
  "source_bundle",
  "commit",
  "pipeline_run",
  "artifact",
  "experiment_run",
  "model_version",
  "evaluation",
  "evidence",
  "promotion",
  "deployment",
  "feature_view",
  "training_set",
  "materialization",
  "review",
  "prediction_window",
  "monitor_check",
  "alert",
  "feedback_item",
  "retraining_trigger",
] as const;
export type NodeKind = (typeof NODE_KINDS)[number];

/** An edge points from the cause to what came of it. */
export const EDGE_KINDS = [
  "input_of",
  "produced",
  "validated_by",
  "evaluated_by",
  "evidence_for",
  "promoted_by",
  "deployed_as",
  "replaces",
  "derived_from",
  "materialized_as",
  "reviewed_by",
  "served",
  "checked_by",
  "raised",
  "reported_as",
  "triggered",
] as const;
export type EdgeKind = (typeof EDGE_KINDS)[number];

export type LineageNode = { readonly kind: NodeKind; readonly reference: string; readonly label: string };
export type LineageEdge = {
  readonly from: LineageNode;
  readonly to: LineageNode;
  readonly kind: EdgeKind;
  readonly runId?: string;
};

export const DIRECTIONS = ["upstream", "downstream", "both"] as const;
/** upstream: what it came from. downstream: what came of it. */
export type Direction = (typeof DIRECTIONS)[number];

/** What a change may be asked about: any node, or all versions of a dataset, a pipeline or a feature view at once. */
export const IMPACT_SUBJECTS = [...NODE_KINDS, "dataset", "pipeline"] as const;

/** Where something new would have to follow a change: what people run, sign and serve. */
export const TOUCHED_KINDS = [
  "feature_view",
  "training_set",
  "materialization",
  "pipeline_run",
  "experiment_run",
  "model_version",
  "promotion",
  "deployment",
] as const satisfies readonly NodeKind[];

/** A node as it lies from where one looks: 0 is the node itself. */
export type Distance = { readonly distance: number; readonly side: "self" | "upstream" | "downstream" };

type SplitSide = {
  readonly dataset: string;
  readonly version: number;
  readonly digest: string;
  readonly rows: number;
  /** Which rows of the source the import kept; null for all. */
  readonly filter: string | null;
};

/** How the rows that a run trained on were kept apart from those that it is judged on. */
export type SplitManifest = {
  readonly method: string;
  readonly training: {
    readonly sha256: string;
    readonly rows: number;
    readonly view: { readonly name: string; readonly version: number; readonly digest: string };
    readonly eventTimeColumn: string;
    /** Bounds of the event time, both inclusive; null where there is none. */
    readonly from: string | null;
    readonly to: string | null;
    /** Every dataset version that the run was given. */
    readonly read: readonly SplitSide[];
  };
  readonly holdout: readonly SplitSide[];
  readonly sharedRows: number;
};
