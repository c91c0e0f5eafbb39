import type { RetrainingMode } from "./status";

export const FEEDBACK_KINDS = ["F1", "F2", "F3", "F4", "F5", "F6", "F7", "F8", "F9"] as const;
/** The arrows of the process; `arrows.ts` says from where to whom. */
export type FeedbackKind = (typeof FEEDBACK_KINDS)[number];

export const RESOLUTION_KINDS = [
  "pipeline_run",
  "experiment_run",
  "dataset_version",
  "feature_view_version",
  "model_version",
] as const;
export type ResolutionKind = (typeof RESOLUTION_KINDS)[number];

/** One point of the chart that an alert came from. Instants are ISO 8601; `value` is in the metric's own unit. */
export type FigurePoint = {
  readonly windowStart: string;
  readonly windowEnd: string;
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly n: number | null;
};

/** What an alert showed when it fired, copied so that the item says the same for ever. */
export type AlertFigures = {
  readonly metric: string;
  readonly model: string;
  /** "seattle-rain v3". */
  readonly version: string;
  readonly environment: string;
  readonly windowStart: string;
  readonly windowEnd: string;
  readonly value: number;
  readonly limit: number;
  /** Windows that were judged before, oldest first, the one that fired last. */
  readonly history: readonly FigurePoint[];
};

/** Where an item comes from. Ids are ids of rows of the same project. */
export type FeedbackOrigin =
  | { readonly kind: "alert"; readonly alertId: string; readonly alertNumber: number; readonly figures: AlertFigures }
  | {
      readonly kind: "dataset_column";
      readonly dataset: string;
      readonly datasetVersionId: string;
      readonly version: number;
      /** Null: the dataset as a whole. */
      readonly column: string | null;
    }
  | { readonly kind: "experiment_run"; readonly runId: string; readonly name: string }
  | {
      readonly kind: "monitor_check";
      readonly checkId: string;
      readonly monitorNumber: number;
      readonly model: string;
      readonly windowStart: string;
      readonly windowEnd: string;
      /** Sentences, one for each limit that was passed. */
      readonly warnings: readonly string[];
    }
  | { readonly kind: "free" };

/** A version of a retraining policy. Days are real days; parameter names are those of the pipeline's definition. */
export type RetrainingRules = {
  readonly isOn: boolean;
  readonly pipelineId: string;
  /** Length of the training window, which ends the day before the judged window begins. */
  readonly windowDays: number;
  readonly firstDayParameter: string | null;
  readonly lastDayParameter: string | null;
  /** Gets the value `latest`. */
  readonly datasetVersionParameter: string | null;
  readonly mode: RetrainingMode;
  readonly cooldownDays: number;
  /** Runs that the policy may start within 30 days. */
  readonly budgetRuns: number;
};
