import type { Role } from "../identity/roles";
import type { AnchorKind, ReviewDecision } from "./status";

/** Counts of a yes/no decision. */
export type Confusion = {
  readonly truePositive: number;
  readonly falsePositive: number;
  readonly trueNegative: number;
  readonly falseNegative: number;
};

/** One version's figure on the rows of a slice. Metric in its own unit; `interval` is Wilson's at 95 % for a share of rows. */
export type SliceValue = {
  readonly value: number;
  readonly interval: readonly [number, number] | null;
  readonly confusion: Confusion | null;
};

export type SliceResult = {
  /** Id of the slice; `all` for all rows. */
  readonly id: string;
  readonly name: string;
  readonly expression: string | null;
  readonly rows: number;
  readonly isTooFew: boolean;
  /** Why it could not be computed on this dataset, as a sentence. */
  readonly problem: string | null;
  readonly candidate: SliceValue | null;
  readonly base: SliceValue | null;
  /** Candidate minus base where more is better, else base minus candidate; above 0 the candidate is better. */
  readonly difference: { readonly value: number; readonly interval: readonly [number, number] | null } | null;
};

/** A number that both sides have or lack. `platform`: the platform ran the file itself; `logged`: the author's own report. */
export type MetricPair = {
  readonly key: string;
  readonly name: string;
  readonly source: "platform" | "logged";
  /** On what: "seattle-weather-holdout v1"; empty for a logged one. */
  readonly scope: string;
  readonly candidate: number | null;
  readonly base: number | null;
};

export type ReviewedFile = { readonly path: string; readonly sha256: string; readonly bytes: number };

/** One side of the comparison, as the record has it. */
export type ReviewSide = {
  /** "seattle-rain v7", or the run's name where no version was registered from it. */
  readonly label: string;
  readonly modelVersionId: string | null;
  readonly modelDigest: string | null;
  readonly experimentRunId: string | null;
  readonly experimentRunName: string | null;
  readonly pipelineRun: number | null;
  readonly parameters: Readonly<Record<string, string>>;
  readonly columns: readonly string[];
  readonly data: readonly { readonly name: string; readonly digest: string; readonly rows: number }[];
  readonly trainingSet: {
    readonly digest: string;
    readonly rows: number;
    readonly labelColumn: string | null;
    readonly featureColumns: readonly string[];
  } | null;
  readonly features: readonly { readonly name: string; readonly digest: string }[];
  readonly code: {
    readonly commit: string | null;
    readonly isDirty: boolean;
    readonly digest: string;
    readonly files: Readonly<Record<string, string>>;
  } | null;
  readonly artifacts: readonly ReviewedFile[];
  /** Why the platform could not run it, as a sentence; null where it did or where there is nothing to run yet. */
  readonly problem: string | null;
};

export type ReviewedEvaluation = {
  readonly model: string;
  readonly modelDigest: string;
  readonly dataset: string;
  readonly datasetDigest: string;
  readonly target: string;
  readonly rows: number;
  readonly metrics: Readonly<Record<string, number>>;
};

/** What reviewers judge: the canonical JSON of this value is kept, and its SHA-256 is what a verdict names. */
export type ReviewEvidence = {
  readonly reviewId: string;
  readonly candidate: ReviewSide;
  readonly base: ReviewSide | null;
  /** The hold-out on which both sides are compared; null until a policy names one. */
  readonly evaluation: {
    readonly dataset: string;
    readonly datasetDigest: string;
    readonly target: string;
    readonly metric: string;
    /** The metric of the slices: `accuracy` for labels, else the policy's own. */
    readonly sliceMetric: string;
    readonly rows: number;
  } | null;
  readonly metrics: readonly MetricPair[];
  readonly evaluations: readonly ReviewedEvaluation[];
  readonly slices: readonly SliceResult[];
};

/** The value to which a thread is anchored, as it stood when the thread was opened. */
export type Quote =
  | { readonly kind: "metric"; readonly metric: MetricPair; readonly labels: QuoteLabels }
  | { readonly kind: "slice"; readonly slice: SliceResult; readonly metric: string; readonly labels: QuoteLabels }
  | { readonly kind: "artifact"; readonly file: ReviewedFile }
  | {
      readonly kind: "run";
      readonly name: string;
      readonly pipelineRun: number | null;
      readonly parameters: Readonly<Record<string, string>>;
    };
export type QuoteLabels = { readonly candidate: string; readonly base: string | null };

export type Anchor = { readonly kind: AnchorKind; readonly key: string };

/** A verdict that stands: the last of its person in its role. */
export type StandingVerdict = {
  readonly userId: string;
  readonly name: string;
  readonly role: Role;
  readonly decision: ReviewDecision;
  /** Over other evidence than the current: shown, but no longer counted. */
  readonly isOutdated: boolean;
};

/** What a promotion's rule and every heading look at. */
export type ReviewFacts = {
  readonly id: string;
  readonly number: number;
  /** Null while the first evidence is being computed. */
  readonly evidenceDigest: string | null;
  /** Nothing has changed since the evidence was computed; until then no approval of it counts. */
  readonly isReady: boolean;
  readonly verdicts: readonly StandingVerdict[];
  readonly unresolvedThreads: number;
};
