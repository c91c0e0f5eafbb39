import type { OipDatatype } from "../registry/types";
import type { TensorLayout } from "./layout";
import type { Outputs, Tensor, TensorData, Value } from "./types";

type NumberArray = Exclude<TensorData, string[]>;

const ARRAYS: Readonly<Record<Exclude<OipDatatype, "BYTES" | "FP16">, (length: number) => NumberArray>> = {
  BOOL: (length) => new Uint8Array(length),
  INT8: (length) => new Int8Array(length),
  INT16: (length) => new Int16Array(length),
  INT32: (length) => new Int32Array(length),
  INT64: (length) => new BigInt64Array(length),
  UINT8: (length) => new Uint8Array(length),
  UINT16: (length) => new Uint16Array(length),
  UINT32: (length) => new Uint32Array(length),
  UINT64: (length) => new BigUint64Array(length),
  FP32: (length) => new Float32Array(length),
  FP64: (length) => new Float64Array(length),
};

/** Packs rows into the tensors of a model, row-major. Values are coerced already, so they fit their column. */
export function encodeRows(layout: readonly TensorLayout[], rows: readonly (readonly Value[])[]): readonly Tensor[] {
  return layout.map((tensor) => {
    const { name, datatype, columns } = tensor;
    const dims = tensor.isFlat ? [rows.length] : [rows.length, columns.length];
    return {
      name,
      datatype,
      dims,
      data:
        datatype === "BYTES" || datatype === "FP16" ? texts(rows, columns) : numbers(rows, columns, ARRAYS[datatype]),
    };
  });
}

function texts(rows: readonly (readonly Value[])[], columns: readonly number[]): string[] {
  return rows.flatMap((row) => columns.map((column) => String(row[column])));
}

function numbers(
  rows: readonly (readonly Value[])[],
  columns: readonly number[],
  create: (length: number) => NumberArray,
): NumberArray {
  const data = create(rows.length * columns.length);
  let at = 0;
  for (const row of rows) {
    for (const column of columns) {
      if (data instanceof BigInt64Array || data instanceof BigUint64Array) data[at] = BigInt(Number(row[column]));
      else data[at] = Number(row[column]);
      at += 1;
    }
  }
  return data;
}

/** The rows from `start` up to `end` of a model's output tensors, as plain values. */
export function decodeRows(tensors: readonly Tensor[], start: number, end: number): Outputs {
  return tensors.map((tensor) => {
    const batch = tensor.dims[0] ?? 0;
    const width = batch === 0 ? 0 : tensor.data.length / batch;
    const values = Array.from(
      tensor.data.slice(start * width, end * width) as ArrayLike<number | bigint | string>,
      (value) => plain(value, tensor.datatype),
    );
    return { name: tensor.name, datatype: tensor.datatype, width, isFlat: tensor.dims.length === 1, values };
  });
}

function plain(value: number | bigint | string, datatype: OipDatatype): number | string | boolean {
  if (typeof value === "bigint") return Number(value);
  return datatype === "BOOL" ? value === 1 : value;
}

/** The outputs of one row by name: a single value as it is, several as a list. */
export function rowOutputs(
  outputs: Outputs,
  row: number,
): Record<string, number | string | boolean | readonly (number | string | boolean)[]> {
  return Object.fromEntries(
    outputs.map(({ name, width, values }) => {
      const slice = values.slice(row * width, (row + 1) * width);
      const [only] = slice;
      return [name, width === 1 && only !== undefined ? only : slice];
    }),
  );
}
