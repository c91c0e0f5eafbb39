import type { ModelSignature } from "../registry/types";
import { eventTimesOf } from "./event-time";
import { rowOutputs } from "./tensors";
import type { Outputs, PredictionRequest } from "./types";
import { assertRowCount, badRequest, rowsFromColumns, rowsInOrder } from "./values";

/** MLflow's scoring protocol: exactly one of four forms, beside `params`. */
const FORMS = ["dataframe_split", "dataframe_records", "instances", "inputs"] as const;
type Form = (typeof FORMS)[number];

type Json = Readonly<Record<string, unknown>>;
const isRecord = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Reads the body of `/invocations`. Throws `invalid_input` with a sentence that says what is wrong. */
export function readInvocation(body: unknown, signature: ModelSignature, arrivalMs: number): PredictionRequest {
  if (!isRecord(body)) throw badRequest("body", "The body is not a JSON object.");
  const present = FORMS.filter((form) => body[form] !== undefined);
  const [form] = present;
  if (!form || present.length > 1) throw badRequest("body", `The body needs exactly one of ${FORMS.join(", ")}.`);
  const rows = readForm(form, body[form], signature);
  assertRowCount(rows.length);
  const params = isRecord(body.params) ? body.params : {};
  return { rows, eventTimes: eventTimesOf(params.event_time, rows.length, arrivalMs), clientId: null };
}

function readForm(form: Form, value: unknown, signature: ModelSignature) {
  if (form === "dataframe_split") return readSplit(value, signature);
  if (form === "dataframe_records") return readRecords(value, signature, form);
  if (form === "instances")
    return Array.isArray(value) && isRecord(value[0])
      ? readRecords(value, signature, form)
      : readMatrix(value, signature, form);
  return isRecord(value) ? readColumns(value, signature) : readMatrix(value, signature, form);
}

function readSplit(value: unknown, signature: ModelSignature) {
  if (!isRecord(value) || !Array.isArray(value.data))
    throw badRequest("body", "dataframe_split is an object with columns and data.");
  const { data } = value;
  if (value.columns === undefined) return rowsInOrder(signature, data);
  if (!Array.isArray(value.columns) || !value.columns.every((name): name is string => typeof name === "string"))
    throw badRequest("body", "The columns of dataframe_split are not names.");
  const { columns } = value;
  if (new Set(columns).size < columns.length)
    throw badRequest("body", "Two columns of dataframe_split have the same name.");
  const ragged = data.findIndex((row) => !Array.isArray(row) || row.length !== columns.length);
  if (ragged >= 0)
    throw badRequest("wrong_shape", `Row ${ragged} of dataframe_split does not have ${columns.length} values.`);
  return rowsFromColumns(signature, new Map(columns.map((name, at) => [name, data.map((row: unknown[]) => row[at])])));
}

function readRecords(value: unknown, signature: ModelSignature, form: Form) {
  if (!Array.isArray(value) || !value.every(isRecord)) throw badRequest("body", `${form} is a list of objects.`);
  const absent = signature.columns.find((column) => value.some((record) => !(column.name in record)));
  if (absent)
    throw badRequest(
      "missing_column",
      `Row ${value.findIndex((record) => !(absent.name in record))} lacks the column ${absent.name}.`,
    );
  return rowsFromColumns(
    signature,
    new Map(signature.columns.map((column) => [column.name, value.map((record) => record[column.name])])),
  );
}

function readMatrix(value: unknown, signature: ModelSignature, form: Form) {
  if (!Array.isArray(value)) throw badRequest("body", `${form} is a list of rows.`);
  return rowsInOrder(signature, value);
}

/** Column-wise: each name with the list of its values, `[n]` or `[n][1]`. */
function readColumns(value: Json, signature: ModelSignature) {
  const named = Object.entries(value).map(([name, column]): [string, readonly unknown[]] => [
    name,
    (Array.isArray(column) ? column : [column]).map((item) =>
      Array.isArray(item) && item.length === 1 ? item[0] : item,
    ),
  ]);
  return rowsFromColumns(signature, new Map(named));
}

/** The answer: one record a row, each output by its name. */
export function invocationResponse(outputs: Outputs, about: { readonly rows: number; readonly requestId: string }) {
  return {
    predictions: Array.from({ length: about.rows }, (_, row) => rowOutputs(outputs, row)),
    request_id: about.requestId,
  };
}
