/** One named tensor or column of a model's contract. `shape` uses -1 for the batch dimension. */
export type TensorSpec = { readonly name: string; readonly datatype: OipDatatype; readonly shape: readonly number[] };

export const OIP_DATATYPES = [
  "BOOL",
  "INT8",
  "INT16",
  "INT32",
  "INT64",
  "UINT8",
  "UINT16",
  "UINT32",
  "UINT64",
  "FP16",
  "FP32",
  "FP64",
  "BYTES",
] as const;
export type OipDatatype = (typeof OIP_DATATYPES)[number];

/** The contract of a version: the columns that callers name, and the tensors that the ONNX file takes and gives. */
export type ModelSignature = {
  /** Columns in the order in which the model was trained on them. */
  readonly columns: readonly {
    readonly name: string;
    readonly type: "double" | "float" | "long" | "integer" | "boolean" | "string";
  }[];
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
};

/** What the platform measured by running the registered ONNX file. Metrics are in the metric's own unit; shares in [0, 1]. */
export type Evaluation = {
  readonly rows: number;
  readonly metrics: Readonly<Record<string, number>>;
  /** Share of the most frequent label: what a model that always says the same would reach. */
  readonly majorityShare: number | null;
  readonly durationMs: number;
  /** Twenty rows with the recorded answer, for the smoke test of a deployment. */
  readonly smoke: readonly {
    readonly inputs: Readonly<Record<string, number | string | boolean>>;
    readonly outputs: Readonly<Record<string, readonly number[]>>;
  }[];
};

/** Aliases that follow what is deployed: nobody sets them by hand. */
export const PROTECTED_ALIASES = ["staging", "production"] as const;

export function isProtectedAlias(alias: string): boolean {
  return (PROTECTED_ALIASES as readonly string[]).includes(alias.toLowerCase());
}

/** One line of an evaluation's predictions file. `rowHash` tells the same row in two dataset versions. */
export type EvaluatedRow = {
  readonly rowHash: string;
  readonly label: number;
  readonly prediction: number;
  /** Probability of the positive class where the model gives one. */
  readonly probability: number | null;
};
