import type { OipDatatype } from "../registry/types";

/** A value of a column: what a caller sends and what the prediction log keeps. */
export type Value = number | string | boolean;

export type TensorData =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array
  | string[];

/** A tensor as it goes to and comes from the model's process. `dims` includes the batch. */
export type Tensor = {
  readonly name: string;
  readonly datatype: OipDatatype;
  readonly dims: readonly number[];
  readonly data: TensorData;
};

/** One prediction of many rows, whatever protocol it came by. */
export type PredictionRequest = {
  readonly rows: readonly (readonly Value[])[];
  /** Epoch milliseconds per row. */
  readonly eventTimes: readonly number[];
  readonly clientId: string | null;
};

/** The answer of a model for some rows: every output with its values row by row. */
export type Outputs = readonly {
  readonly name: string;
  readonly datatype: OipDatatype;
  readonly width: number;
  readonly isFlat: boolean;
  readonly values: readonly (number | string | boolean)[];
}[];
