import type { PipelineKind } from "./status";

export const ARTIFACT_TYPES = ["table", "report", "file"] as const;
/** table: Parquet. report: JSON. file: any bytes (a model file, a picture). */
export type ArtifactType = (typeof ARTIFACT_TYPES)[number];

export type ParameterSpec = {
  readonly name: string;
  readonly type: "string" | "integer" | "number" | "boolean" | "date";
  readonly default: string | number | boolean | null;
  readonly description: string;
};
export type ParameterValues = Readonly<Record<string, string | number | boolean>>;

export type StepInputSpec =
  | { readonly name: string; readonly from: "step"; readonly step: string; readonly output: string }
  /** `version` is a number, `latest`, or a parameter reference such as `${{ parameters.data_version }}`. */
  | { readonly name: string; readonly from: "dataset"; readonly dataset: string; readonly version: string };

export type StepOutputSpec = { readonly name: string; readonly type: ArtifactType };

export const BUILT_INS = ["ingest", "validate", "features", "register"] as const;
export type BuiltIn = (typeof BUILT_INS)[number];

export type StepWork =
  | { readonly kind: "command"; readonly command: readonly string[]; readonly requirements: string | null }
  | { readonly kind: "shell"; readonly script: string; readonly requirements: string | null }
  | { readonly kind: "sql"; readonly query: string }
  | {
      readonly kind: "builtin";
      readonly builtin: BuiltIn;
      readonly options: Readonly<Record<string, string | number | boolean>>;
    };

export type StepPlan = {
  readonly key: string;
  readonly work: StepWork;
  /** Keys of the steps that must have succeeded: the named ones and those whose outputs are inputs. */
  readonly needs: readonly string[];
  readonly inputs: readonly StepInputSpec[];
  readonly outputs: readonly StepOutputSpec[];
  readonly maxAttempts: number;
  readonly retryDelayMs: number;
  readonly timeoutMs: number;
  /** The experiment that the step's MLflow client logs to; null where the step does not log. */
  readonly experiment: string | null;
};

/** A definition after validation: what the workflow executes. Steps stand in a topological order. */
export type Plan = {
  readonly name: string;
  readonly kind: PipelineKind;
  readonly parameters: readonly ParameterSpec[];
  readonly steps: readonly StepPlan[];
};

export type ArtifactRef = {
  readonly type: ArtifactType | "dataset";
  readonly sha256: string;
  readonly bytes: number;
  readonly rows: number | null;
  /** Set where the input is a dataset version. */
  readonly datasetVersionId?: string;
};
/** A dataset version as a run uses it. `sha256` is the Parquet blob's. */
export type DatasetPin = {
  readonly dataset: string;
  readonly version: number;
  readonly datasetVersionId: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly rows: number;
};
/** By the reference in the definition, such as `seattle-weather@latest`. */
export type DatasetPins = Readonly<Record<string, DatasetPin>>;

export type StepInputs = Readonly<Record<string, ArtifactRef>>;
export type StepOutputs = Readonly<Record<string, ArtifactRef>>;
