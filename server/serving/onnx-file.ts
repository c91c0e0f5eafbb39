import type { OipDatatype, TensorSpec } from "@/domain/registry/types";
import { bytesOf, fieldsOf, firstBytes, numberOf, ProtobufError, textOf } from "./protobuf";

/** What an ONNX file says of itself, read without running it. Field numbers are those of `onnx.proto`. */
export type OnnxFile = { readonly inputs: readonly TensorSpec[]; readonly outputs: readonly TensorSpec[] };

/** Why a file is not taken, as a sentence. */
export class OnnxError extends Error {
  override readonly name = "OnnxError";
  constructor(
    readonly reason: "not_onnx" | "external_data" | "no_tensor" | "datatype",
    message: string,
  ) {
    super(message);
  }
}

const MODEL = { graph: 7, trainingInfo: 20, functions: 25 } as const;
const GRAPH = { node: 1, initializer: 5, input: 11, output: 12, sparseInitializer: 15 } as const;
const NODE = { attribute: 5 } as const;
const FUNCTION_NODE = 7;
const ATTRIBUTE = { tensor: 5, graph: 6, tensors: 10, graphs: 11, sparseTensor: 22, sparseTensors: 23 } as const;
const TENSOR = { externalData: 13, dataLocation: 14 } as const;
const DEEPEST = 32;

const DATATYPES: Readonly<Record<number, OipDatatype>> = {
  1: "FP32",
  2: "UINT8",
  3: "INT8",
  4: "UINT16",
  5: "INT16",
  6: "INT32",
  7: "INT64",
  8: "BYTES",
  9: "BOOL",
  10: "FP16",
  11: "FP64",
  12: "UINT32",
  13: "UINT64",
};

/** Reads inputs and outputs; refuses what is no ONNX file, keeps tensors outside of the file, or answers no tensor. */
export function readOnnx(bytes: Uint8Array): OnnxFile {
  try {
    const graph = firstBytes(bytes, MODEL.graph);
    if (!graph) throw new OnnxError("not_onnx", "The file is not an ONNX model.");
    if ([...graphsOfModel(bytes, graph)].some((part) => keepsTensorsOutside(part, 0))) {
      throw new OnnxError("external_data", "The model keeps its tensors in files beside it. Save it as one file.");
    }
    const initial = new Set(bytesOf(graph, GRAPH.initializer).map((tensor) => textOf(tensor, 8)));
    const inputs = bytesOf(graph, GRAPH.input)
      .map(tensorSpec)
      .filter((input) => !initial.has(input.name));
    const outputs = bytesOf(graph, GRAPH.output).map(tensorSpec);
    if (inputs.length === 0 || outputs.length === 0)
      throw new OnnxError("no_tensor", "The model has no input or no output.");
    return { inputs, outputs };
  } catch (error) {
    if (error instanceof ProtobufError)
      throw new OnnxError("not_onnx", `The file is not an ONNX model. ${error.message}`);
    throw error;
  }
}

/** The main graph, those of the training information, and the functions, whose nodes have another number. */
function* graphsOfModel(
  model: Uint8Array,
  graph: Uint8Array,
): Generator<{ readonly message: Uint8Array; readonly nodeField: number }> {
  yield { message: graph, nodeField: GRAPH.node };
  for (const training of bytesOf(model, MODEL.trainingInfo)) {
    for (const field of [1, 2])
      for (const part of bytesOf(training, field)) yield { message: part, nodeField: GRAPH.node };
  }
  for (const functionProto of bytesOf(model, MODEL.functions))
    yield { message: functionProto, nodeField: FUNCTION_NODE };
}

function keepsTensorsOutside(
  graph: { readonly message: Uint8Array; readonly nodeField: number },
  depth: number,
): boolean {
  if (depth > DEEPEST) throw new OnnxError("not_onnx", "The model's graphs are nested too deeply.");
  for (const { number, value } of fieldsOf(graph.message)) {
    if (!(value instanceof Uint8Array)) continue;
    if (
      number === graph.nodeField &&
      bytesOf(value, NODE.attribute).some((attribute) => attributeIsOutside(attribute, depth))
    )
      return true;
    if (graph.nodeField !== GRAPH.node) continue;
    if (number === GRAPH.initializer && isOutside(value)) return true;
    if (number === GRAPH.sparseInitializer && sparseIsOutside(value)) return true;
  }
  return false;
}

function attributeIsOutside(attribute: Uint8Array, depth: number): boolean {
  for (const { number, value } of fieldsOf(attribute)) {
    if (!(value instanceof Uint8Array)) continue;
    if ((number === ATTRIBUTE.tensor || number === ATTRIBUTE.tensors) && isOutside(value)) return true;
    if ((number === ATTRIBUTE.sparseTensor || number === ATTRIBUTE.sparseTensors) && sparseIsOutside(value))
      return true;
    const isGraph = number === ATTRIBUTE.graph || number === ATTRIBUTE.graphs;
    if (isGraph && keepsTensorsOutside({ message: value, nodeField: GRAPH.node }, depth + 1)) return true;
  }
  return false;
}

function isOutside(tensor: Uint8Array): boolean {
  return numberOf(tensor, TENSOR.dataLocation) === 1 || firstBytes(tensor, TENSOR.externalData) !== null;
}

function sparseIsOutside(sparse: Uint8Array): boolean {
  return [1, 2].some((part) => bytesOf(sparse, part).some(isOutside));
}

/** A ValueInfoProto: name, element type, and shape with -1 for a dimension without a fixed size. */
function tensorSpec(valueInfo: Uint8Array): TensorSpec {
  const name = textOf(valueInfo, 1);
  const type = firstBytes(valueInfo, 2);
  const tensor = type ? firstBytes(type, 1) : null;
  if (!tensor)
    throw new OnnxError(
      "no_tensor",
      `${name} is no tensor. Convert classifiers with zipmap=False, so that probabilities are one.`,
    );
  const datatype = DATATYPES[numberOf(tensor, 1) ?? 0];
  if (!datatype) throw new OnnxError("datatype", `The tensor ${name} has an element type that is not supported.`);
  const shape = firstBytes(tensor, 2);
  const dims = shape ? bytesOf(shape, 1).map((dimension) => numberOf(dimension, 1)) : [];
  return {
    name,
    datatype,
    shape: dims.length === 0 ? [-1] : dims.map((size) => (size === null || size < 0 ? -1 : size)),
  };
}
