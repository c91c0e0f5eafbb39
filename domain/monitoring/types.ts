/** The truth about one answer of a model, as somebody reports it later. */
export type LabelValue = number | string | boolean;

/** What the two signatures of a threshold version are over. Null: that limit is not watched. */
export type Limits = {
  /** The quality metric's floor; of a loss, its ceiling. */
  readonly qualityFloor: number;
  /** PSI above which an input warns, when it also lies above what sampling explains. */
  readonly driftLimit: number;
  /** Share of missing values of an input above which it warns, in [0, 1]. */
  readonly missingLimit: number | null;
  /** 95th percentile of latency above which it warns, in milliseconds. */
  readonly latencyLimitMs: number | null;
  /** Share of failed requests above which it warns, in [0, 1]. */
  readonly failureLimit: number | null;
};

/** Quality of one closed window. */
export type QualityDetails = {
  readonly kind: "quality";
  /** Two-sided binomial p of the metric against the floor; only for accuracy, shown beside the verdict. */
  readonly pValue: number | null;
  /** Per version that answered in the window. */
  readonly versions: readonly VersionQuality[];
};
export type VersionQuality = {
  readonly modelVersionId: string;
  readonly version: number;
  readonly rows: number;
  readonly labelled: number;
  readonly value: number | null;
};

/** What came in, and how it was served, in one closed window. */
export type InputDetails = {
  readonly kind: "inputs";
  /** The training rows of the same months; null where there are none, with the reason. */
  readonly reference: { readonly trainingSetId: string; readonly rows: number; readonly months: string } | null;
  readonly noReference: string | null;
  readonly features: readonly FeatureDrift[];
  readonly latencyMs: { readonly p50: number; readonly p95: number; readonly p99: number } | null;
  readonly requests: number;
  readonly failed: number;
  readonly refused: number;
  /** Sentences, one for each limit that was passed. */
  readonly warnings: readonly string[];
};

export type FeatureDrift = {
  readonly name: string;
  readonly missing: number;
  /** Share of missing values among the window's rows, in [0, 1]. */
  readonly missingShare: number;
  /** Null where the training set has no such column. */
  readonly drift: {
    readonly psi: number;
    /** Mean of the index when nothing has changed: (bins − 1)(1/n + 1/m). */
    readonly expected: number;
    /** What sampling explains at most, at the check's level. */
    readonly chanceLimit: number;
    /** Share of the rows outside the reference's range, or of values that the reference does not know. */
    readonly outOfRange: number;
    readonly warns: boolean;
    readonly bins: readonly { readonly label: string; readonly reference: number; readonly current: number }[];
  } | null;
};

export type CheckDetails = QualityDetails | InputDetails;
