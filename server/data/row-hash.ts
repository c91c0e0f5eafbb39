import type { ColumnSchema } from "@/domain/data/types";
import { identifier } from "./sql-text";

/**
 * SQL for the hash of a row over `columns`: MD5 over their values in the order of their names, with numbers
 * as doubles, so that the same row has the same hash in two versions even where a column is integer in one.
 */
export function rowHashSql(columns: readonly ColumnSchema[]): string {
  const sorted = [...columns].sort((a, b) => (a.name < b.name ? -1 : 1));
  const parts = sorted.map((column) => {
    const name = identifier(column.name);
    const text =
      column.type === "integer" || column.type === "double" ? `CAST(${name} AS DOUBLE)::varchar` : `${name}::varchar`;
    return `coalesce('=' || ${text}, '-')`;
  });
  return `md5(concat_ws(chr(31), ${parts.join(", ")}))`;
}
