import type { ColumnSchema, ColumnType } from "@/domain/data/types";
import { AppError } from "@/domain/errors";
import { canonicalText } from "../blobs/digest";
import type { Cell } from "../data/duckdb";

const FORMS: Readonly<Record<ColumnType, (value: Cell) => boolean>> = {
  boolean: (value) => typeof value === "boolean",
  // Whole numbers beyond 2^53 travel as text, here and in the rows of DuckDB.
  integer: (value) => Number.isSafeInteger(value) || (typeof value === "string" && /^-?\d{16,39}$/.test(value)),
  double: (value) => typeof value === "number",
  text: (value) => typeof value === "string",
  date: (value) => typeof value === "string" && /^\d{4}-\d{2}-\d{2}$/.test(value),
  timestamp: (value) => typeof value === "string",
};

/**
 * The key of an entity in the online table: the RFC 8785 text of its columns by name. Names are sorted and values keep
 * their type, so the order of the columns does not matter, and 1 and "1" are two entities.
 */
export function entityKey(entity: Readonly<Record<string, Cell>>): string {
  return canonicalText(entity);
}

/** The entity that a caller names, with exactly the columns of the view and values of their types; else `invalid_input`. */
export function readEntity(
  given: Readonly<Record<string, Cell>>,
  columns: readonly ColumnSchema[],
): Readonly<Record<string, Cell>> {
  const names = columns.map((column) => column.name);
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new AppError("invalid_input", "entity", `${unknown} does not name the entity; it has ${names.join(", ")}.`);
  for (const { name, type } of columns) {
    const value = given[name];
    if (value === undefined) throw new AppError("invalid_input", "entity", `The entity lacks ${name}.`);
    if (!FORMS[type](value))
      throw new AppError("invalid_input", "entity", `${name} is ${type}; ${JSON.stringify(value)} is not.`);
  }
  return given;
}
