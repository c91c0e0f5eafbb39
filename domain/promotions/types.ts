import type { Role } from "../identity/roles";
import type { EnvironmentName, Verdict } from "./status";

/** What a policy version asks for, beside its required roles. */
export type PolicyRules = {
  /** The hold-out on which the platform itself judges a version, and the column that holds the label. */
  readonly holdoutDatasetVersionId: string;
  readonly target: string;
  readonly metric: string;
  /** The version of the ML problem definition whose acceptance threshold applies. */
  readonly mlProblemVersion: number;
  readonly acceptanceThreshold: number;
  readonly isComparedWithCurrent: boolean;
  readonly isValidationRequired: boolean;
  /** Roles that must approve an experiment review of the version; absent in versions published before there were reviews. */
  readonly reviewRoles?: readonly Role[];
};

/** One rule's outcome with everything that a person needs to judge it. Numbers are in the metric's own unit. */
export type RuleResult = {
  readonly rule:
    | "metric_threshold"
    | "better_than_current"
    | "validation"
    | "holdout_is_unseen"
    | "model_file"
    | "order"
    | "review";
  readonly title: string;
  /** On what it was measured: "hold-out seattle-weather-holdout v1, 93 rows". */
  readonly scope: string;
  readonly verdict: Verdict;
  readonly value: number | null;
  readonly current: number | null;
  readonly limit: number | null;
  readonly direction: "at_least" | "at_most" | "above" | null;
  readonly interval: readonly [number, number] | null;
  /** Exact McNemar p for a paired comparison; shown only. */
  readonly pValue: number | null;
  readonly sentence: string;
};

/** The record that is signed: canonical JSON of this value. */
export type Evidence = {
  readonly promotionId: string;
  readonly environment: EnvironmentName;
  readonly model: string;
  readonly version: number;
  readonly modelDigest: string;
  readonly baselineVersion: number | null;
  readonly baselineDigest: string | null;
  readonly policyVersion: string;
  readonly policyDigest: string;
  readonly holdoutDigest: string | null;
  readonly results: readonly RuleResult[];
  /** Signatures that this promotion has lost to changes so far: after a loss, the same measurements are signed anew. */
  readonly outdatedSignatures: number;
  readonly lineage: {
    readonly datasetVersions: readonly string[];
    readonly pipelineRun: string | null;
    readonly commit: string | null;
  };
};
