import type { ModelSignature, OipDatatype } from "../registry/types";
import { eventTimesOf } from "./event-time";
import type { Outputs, PredictionRequest } from "./types";
import { assertRowCount, badRequest, rowsFromColumns, rowsInOrder } from "./values";

/** The Open Inference Protocol (v2), JSON over HTTP. */

type InputTensor = {
  readonly name: string;
  readonly shape: readonly number[];
  readonly datatype: OipDatatype;
  readonly data: readonly unknown[];
};

const KINDS: Readonly<Record<OipDatatype, (value: unknown) => boolean>> = {
  BOOL: (value) => typeof value === "boolean" || value === 0 || value === 1,
  BYTES: (value) => typeof value === "string",
  FP16: isNumber,
  FP32: isNumber,
  FP64: isNumber,
  INT8: isWhole,
  INT16: isWhole,
  INT32: isWhole,
  INT64: isWhole,
  UINT8: isCount,
  UINT16: isCount,
  UINT32: isCount,
  UINT64: isCount,
};

function isNumber(value: unknown): boolean {
  return typeof value === "number" || value === null;
}
function isWhole(value: unknown): boolean {
  return Number.isInteger(value) || value === null;
}
function isCount(value: unknown): boolean {
  return value === null || (Number.isInteger(value) && (value as number) >= 0);
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Reads an inference request: one tensor `[n, k]` with the columns in the signature's order, or one tensor
 * `[n]` or `[n, 1]` per column by name. Throws `invalid_input` with a sentence that says what is wrong.
 */
export function readInferRequest(body: unknown, signature: ModelSignature, arrivalMs: number): PredictionRequest {
  if (!isRecord(body)) throw badRequest("body", "The body is not a JSON object.");
  if (!Array.isArray(body.inputs) || body.inputs.length === 0) throw badRequest("body", "The body has no inputs.");
  const tensors = body.inputs.map(readTensor);
  const rows = isOneMatrix(tensors, signature) ? matrixRows(tensors, signature) : columnRows(tensors, signature);
  assertRowCount(rows.length);
  const parameters = isRecord(body.parameters) ? body.parameters : {};
  return {
    rows,
    eventTimes: eventTimesOf(parameters.event_time, rows.length, arrivalMs),
    clientId: clientIdOf(body.id),
  };
}

function clientIdOf(id: unknown): string | null {
  if (id === undefined || id === null) return null;
  if (typeof id !== "string" || id.length > 256) throw badRequest("id", "The id is text of at most 256 characters.");
  return id;
}

function readTensor(value: unknown): InputTensor {
  if (!isRecord(value) || typeof value.name !== "string") throw badRequest("body", "An input has no name.");
  const { name, shape, datatype, data } = value;
  if (typeof datatype !== "string" || !(datatype in KINDS))
    throw badRequest("wrong_type", `The datatype of ${name} is not one of the protocol's.`);
  if (!Array.isArray(shape) || shape.length === 0 || !shape.every((size) => Number.isInteger(size) && size >= 0))
    throw badRequest("wrong_shape", `The shape of ${name} is not a list of sizes.`);
  if (!Array.isArray(data)) throw badRequest("body", `The data of ${name} is not a list.`);
  const flat: readonly unknown[] = data.flat(8);
  const count = shape.reduce((product: number, size: number) => product * size, 1);
  if (flat.length !== count)
    throw badRequest(
      "wrong_shape",
      `${name} has ${flat.length} values; its shape [${shape.join(", ")}] asks for ${count}.`,
    );
  const kind = datatype as OipDatatype;
  const wrong = flat.findIndex((item) => !KINDS[kind](item));
  if (wrong >= 0)
    throw badRequest(
      "wrong_type",
      `Value ${wrong} of ${name} is ${JSON.stringify(flat[wrong])}, which is not ${kind}.`,
    );
  return { name, shape, datatype: kind, data: flat };
}

/** One tensor of a model with several columns, or one that carries the name of the model's own input. */
function isOneMatrix(tensors: readonly InputTensor[], signature: ModelSignature): boolean {
  const [only] = tensors;
  if (!only || tensors.length !== 1) return false;
  return !signature.columns.some((column) => column.name === only.name);
}

function matrixRows(tensors: readonly InputTensor[], signature: ModelSignature) {
  const [tensor] = tensors;
  const width = signature.columns.length;
  const rows = tensor?.shape[0] ?? 0;
  const found = (tensor?.shape.slice(1) ?? []).reduce((product, size) => product * size, 1);
  if (!tensor || found !== width)
    throw badRequest(
      "wrong_shape",
      `The tensor ${tensor?.name} has ${found} values a row; the model takes ${width}: ${signature.columns.map((column) => column.name).join(", ")}.`,
    );
  return rowsInOrder(
    signature,
    Array.from({ length: rows }, (_, row) => tensor.data.slice(row * width, (row + 1) * width)),
  );
}

function columnRows(tensors: readonly InputTensor[], signature: ModelSignature) {
  const known = new Set(signature.columns.map((column) => column.name));
  for (const tensor of tensors) {
    if (!known.has(tensor.name))
      throw badRequest("unknown_column", `The model has no column ${tensor.name}; it takes ${[...known].join(", ")}.`);
    if (tensor.data.length !== tensor.shape[0])
      throw badRequest("wrong_shape", `The tensor ${tensor.name} is one column, so its shape is [n] or [n, 1].`);
  }
  if (new Set(tensors.map((tensor) => tensor.name)).size < tensors.length)
    throw badRequest("body", "Two inputs have the same name.");
  return rowsFromColumns(signature, new Map(tensors.map((tensor) => [tensor.name, tensor.data])));
}

export type Answered = {
  readonly model: string;
  readonly version: number;
  readonly requestId: string;
  readonly clientId: string | null;
  readonly rows: number;
};

/** The answer to an inference request. Without a client's id, ours is the id. */
export function inferResponse(outputs: Outputs, about: Answered) {
  return {
    model_name: about.model,
    model_version: String(about.version),
    id: about.clientId ?? about.requestId,
    parameters: { request_id: about.requestId },
    outputs: outputs.map(({ name, datatype, width, isFlat, values }) => ({
      name,
      datatype,
      shape: isFlat ? [about.rows] : [about.rows, width],
      data: values,
    })),
  };
}

/** `GET /v2/models/{model}`: the columns, as one tensor each, beside the model's own outputs. */
export function modelMetadata(signature: ModelSignature, about: { readonly model: string; readonly version: number }) {
  return {
    name: about.model,
    versions: [String(about.version)],
    platform: "onnxruntime",
    inputs: signature.columns.map(({ name, type }) => ({ name, datatype: COLUMN_DATATYPES[type], shape: [-1] })),
    outputs: signature.outputs.map(({ name, datatype, shape }) => ({ name, datatype, shape })),
  };
}

const COLUMN_DATATYPES: Readonly<Record<ModelSignature["columns"][number]["type"], OipDatatype>> = {
  double: "FP64",
  float: "FP32",
  long: "INT64",
  integer: "INT32",
  boolean: "BOOL",
  string: "BYTES",
};
