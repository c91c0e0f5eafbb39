import type { ColumnSchema, ColumnType } from "@/domain/data/types";
import { AppError } from "@/domain/errors";
import type { DuckSession } from "./duckdb";
import { identifier, literal } from "./sql-text";

/** How the text of a cell reads as each type; null where it does not. Codes with leading zeros stay text. */
const READ: Readonly<Record<ColumnType, (text: string) => string>> = {
  boolean: (text) => `CASE lower(${text}) WHEN 'true' THEN true WHEN 'false' THEN false END`,
  integer: (text) =>
    `CASE WHEN regexp_full_match(${text}, '[+-]?(0|[1-9][0-9]*)') THEN try_cast(${text} AS BIGINT) END`,
  double: (text) =>
    `CASE WHEN regexp_full_match(${text}, '[+-]?((0|[1-9][0-9]*)(\\.[0-9]*)?|\\.[0-9]+)([eE][+-]?[0-9]+)?') THEN try_cast(${text} AS DOUBLE) END`,
  date: (text) =>
    `CASE WHEN regexp_full_match(${text}, '[0-9]{4}[-/][0-9]{1,2}[-/][0-9]{1,2}') THEN try_cast(replace(${text}, '/', '-') AS DATE) END`,
  timestamp: (text) =>
    `CASE WHEN regexp_full_match(${text}, '[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]+)?)?(Z|[+-][0-9]{2}(:?[0-9]{2})?)?') THEN try_cast(${text} AS TIMESTAMPTZ)::TIMESTAMP END`,
  text: (text) => text,
};

/** From the narrowest; a column takes the first that reads all of its values. */
const ORDER: readonly ColumnType[] = ["boolean", "integer", "double", "date", "timestamp"];

export function readAs(column: ColumnSchema): string {
  return READ[column.type](identifier(column.name));
}

/**
 * Types of text columns, from all values (never from a sample). `demanded` types are checked instead of found:
 * `invalid_input`, `type_mismatch` names the first row (counted from 1, without the header) that does not read so.
 */
export async function findTypes(
  session: DuckSession,
  source: string,
  about: { readonly columns: readonly string[]; readonly demanded: Readonly<Record<string, ColumnType>> },
): Promise<readonly ColumnSchema[]> {
  for (const name of Object.keys(about.demanded)) {
    if (!about.columns.includes(name))
      throw new AppError(
        "invalid_input",
        "missing_column",
        `The file has no column ${name}, for which a type is given.`,
      );
  }
  const counts = about.columns.flatMap((name, index) => {
    const text = identifier(name);
    return [`count(${text}) AS n${index}`, ...ORDER.map((type) => `count(${READ[type](text)}) AS ${type}${index}`)];
  });
  const found = await session.row(`SELECT ${counts.join(", ")} FROM ${source}`);
  const schema = about.columns.map((name, index): ColumnSchema => {
    const filled = Number(found[`n${index}`]);
    const type =
      filled === 0 ? "text" : (ORDER.find((candidate) => Number(found[`${candidate}${index}`]) === filled) ?? "text");
    return { name, type: about.demanded[name] ?? type };
  });
  for (const [index, column] of schema.entries()) {
    if (column.type === "text" || !(column.name in about.demanded)) continue;
    if (Number(found[`${column.type}${index}`]) < Number(found[`n${index}`])) await refuseType(session, source, column);
  }
  return schema;
}

async function refuseType(session: DuckSession, source: string, column: ColumnSchema): Promise<never> {
  const text = identifier(column.name);
  const first = await session.row(
    `SELECT row, cell FROM (SELECT row_number() OVER () AS row, ${text} AS cell, ${readAs(column)} AS value FROM ${source}) WHERE cell IS NOT NULL AND value IS NULL ORDER BY row LIMIT 1`,
  );
  throw new AppError(
    "invalid_input",
    "type_mismatch",
    `Row ${first.row}: ${column.name} is ${literal(String(first.cell).slice(0, 60))}, which is not ${column.type}.`,
  );
}

/** The column type of a DuckDB type name. */
export function columnTypeOf(duckType: string): ColumnType {
  if (duckType === "BOOLEAN") return "boolean";
  if (/^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?)$/.test(duckType)) return "integer";
  if (duckType === "DOUBLE" || duckType === "FLOAT" || duckType.startsWith("DECIMAL")) return "double";
  if (duckType === "DATE") return "date";
  return duckType.startsWith("TIMESTAMP") ? "timestamp" : "text";
}

/** The SQL type in which a column of the schema is stored. */
export const STORED_AS: Readonly<Record<ColumnType, string>> = {
  boolean: "BOOLEAN",
  integer: "BIGINT",
  double: "DOUBLE",
  text: "VARCHAR",
  date: "DATE",
  timestamp: "TIMESTAMP",
};
