/** A DuckDB string literal. */
export function literal(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

/** A DuckDB identifier. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A DuckDB literal of a JSON scalar. */
export function scalarLiteral(value: string | number | boolean): string {
  if (typeof value === "string") return literal(value);
  if (typeof value === "boolean") return value ? "true" : "false";
  return Number.isInteger(value) && Number.isSafeInteger(value) ? String(value) : `${value}::double`;
}
