import type { ModelSignature, OipDatatype } from "../registry/types";

/** One tensor of the ONNX file and the columns that fill it, by their place in the signature. */
export type TensorLayout = {
  readonly name: string;
  readonly datatype: OipDatatype;
  readonly columns: readonly number[];
  readonly isFlat: boolean;
};
export type Layout =
  | { readonly problem: string }
  | { readonly problem: null; readonly tensors: readonly TensorLayout[] };

/** FP16 has no array type in JavaScript before Node 24, so a model that takes or gives it is refused. */
const CARRIED: ReadonlySet<OipDatatype> = new Set([
  "BOOL",
  "INT8",
  "INT16",
  "INT32",
  "INT64",
  "UINT8",
  "UINT16",
  "UINT32",
  "UINT64",
  "FP32",
  "FP64",
  "BYTES",
]);

/**
 * How the columns of a signature fill the tensors of its ONNX file: one tensor takes them all, or each its own
 * (by name where all names agree, else in order), or each tensor the next ones by its width.
 */
export function layoutOf(signature: ModelSignature): Layout {
  const { columns, inputs } = signature;
  const refusal = [...inputs, ...signature.outputs].map(tensorProblem).find((problem) => problem !== null);
  if (refusal) return { problem: refusal };
  const widths = inputs.map((input) => widthOf(input.shape, inputs.length === 1 ? columns.length : 1));
  const total = widths.reduce((sum, width) => sum + width, 0);
  if (total !== columns.length)
    return { problem: `The ONNX file takes ${total} values a row and the signature names ${columns.length} columns.` };
  const isByName =
    inputs.length > 1 &&
    widths.every((width) => width === 1) &&
    inputs.every((input) => columns.some((column) => column.name === input.name));
  let next = 0;
  const tensors = inputs.map((input, index) => {
    const width = widths[index] ?? 0;
    const first = isByName ? columns.findIndex((column) => column.name === input.name) : next;
    next += width;
    return {
      name: input.name,
      datatype: input.datatype,
      columns: Array.from({ length: width }, (_, offset) => first + offset),
      isFlat: input.shape.length === 1,
    };
  });
  return { problem: null, tensors };
}

function tensorProblem(tensor: {
  readonly name: string;
  readonly datatype: OipDatatype;
  readonly shape: readonly number[];
}): string | null {
  if (!CARRIED.has(tensor.datatype)) return `The tensor ${tensor.name} is ${tensor.datatype}, which is not supported.`;
  if (tensor.shape.length === 0) return `The tensor ${tensor.name} has no batch dimension.`;
  if (tensor.shape[0] !== -1)
    return `The tensor ${tensor.name} has a fixed batch of ${tensor.shape[0]}; export the model with a free batch dimension.`;
  return null;
}

function widthOf(shape: readonly number[], whenFree: number): number {
  return shape.slice(1).reduce((product, size) => product * (size === -1 ? whenFree : size), 1);
}
