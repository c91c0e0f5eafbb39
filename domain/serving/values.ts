import { AppError } from "../errors";
import type { ModelSignature } from "../registry/types";
import type { Value } from "./types";

type Column = ModelSignature["columns"][number];

/** A request that cannot be answered, as the caller's fault: 400 with this sentence. */
export function badRequest(reason: string, message: string): AppError {
  return new AppError("invalid_input", reason, message);
}

const INTEGER_LIMITS: Partial<Record<Column["type"], number>> = { integer: 2 ** 31, long: Number.MAX_SAFE_INTEGER };

/**
 * One value as its column wants it. Numbers take numbers and booleans (as 0 and 1), booleans take booleans, 0
 * and 1, text takes text. A missing value is refused: a model's answer to one would be a guess. `row` counts from 0.
 */
export function coerce(value: unknown, column: Column, row: number): Value {
  if (value === null || value === undefined)
    throw badRequest("missing_value", `Row ${row} lacks a value for ${column.name}.`);
  const taken =
    column.type === "string"
      ? textOf(value)
      : column.type === "boolean"
        ? booleanOf(value)
        : numberOf(value, INTEGER_LIMITS[column.type]);
  if (taken === null) throw wrongType(value, column, row);
  return taken;
}

const textOf = (value: unknown) => (typeof value === "string" ? value : null);

function booleanOf(value: unknown): boolean | null {
  if (typeof value === "boolean") return value;
  return value === 0 || value === 1 ? value === 1 : null;
}

/** With a limit, whole numbers up to it only. */
function numberOf(value: unknown, limit: number | undefined): number | null {
  const number = typeof value === "boolean" ? Number(value) : value;
  if (typeof number !== "number" || !Number.isFinite(number)) return null;
  return limit === undefined || (Number.isInteger(number) && Math.abs(number) <= limit) ? number : null;
}

const WANTED: Readonly<Record<Column["type"], string>> = {
  double: "a number",
  float: "a number",
  long: "a whole number",
  integer: "a whole number of 32 bits",
  boolean: "true or false",
  string: "text",
};

function wrongType(value: unknown, column: Column, row: number): AppError {
  const shown = JSON.stringify(value) ?? String(value);
  return badRequest(
    "wrong_type",
    `Row ${row}: ${column.name} wants ${WANTED[column.type]}, not ${shown.length > 60 ? `${shown.slice(0, 60)}…` : shown}.`,
  );
}

/** Rows from columns of values, checked: every column of the signature, all of one length. */
export function rowsFromColumns(signature: ModelSignature, named: ReadonlyMap<string, readonly unknown[]>): Value[][] {
  const missing = signature.columns.filter((column) => !named.has(column.name)).map((column) => column.name);
  if (missing.length > 0)
    throw badRequest(
      "missing_column",
      `The request lacks ${missing.length === 1 ? "the column" : "the columns"} ${missing.join(", ")}.`,
    );
  const lengths = signature.columns.map((column) => named.get(column.name)?.length ?? 0);
  const rows = lengths[0] ?? 0;
  if (lengths.some((length) => length !== rows)) throw badRequest("wrong_shape", "The columns are not of one length.");
  return Array.from({ length: rows }, (_, row) =>
    signature.columns.map((column) => coerce(named.get(column.name)?.[row], column, row)),
  );
}

/** Rows given in the signature's column order. */
export function rowsInOrder(signature: ModelSignature, rows: readonly unknown[]): Value[][] {
  const width = signature.columns.length;
  return rows.map((row, index) => {
    const values = Array.isArray(row) ? row : [row];
    if (values.length !== width)
      throw badRequest(
        "wrong_shape",
        `Row ${index} has ${values.length} values; the model takes ${width}: ${signature.columns.map((column) => column.name).join(", ")}.`,
      );
    return signature.columns.map((column, at) => coerce(values[at], column, index));
  });
}

export const MOST_ROWS = 10_000;

export function assertRowCount(rows: number): void {
  if (rows === 0) throw badRequest("wrong_shape", "The request has no rows.");
  if (rows > MOST_ROWS)
    throw badRequest("wrong_shape", `The request has ${rows} rows; at most ${MOST_ROWS} are taken at once.`);
}
