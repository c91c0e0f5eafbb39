import { judgeExpression } from "@/domain/data/expression";
import { AppError } from "@/domain/errors";
import type { DuckSession } from "./duckdb";

/**
 * Refuses text that is not one pure expression over `columns` (`invalid_input`, `expression`). `subject` begins
 * the sentence: "The filter". Returns the columns that the expression names.
 */
export async function assertExpression(
  session: DuckSession,
  expression: string,
  about: { readonly subject: string; readonly columns: readonly string[] },
): Promise<readonly string[]> {
  const { tree } = await session.row("SELECT json_serialize_sql($1::varchar) AS tree", [wrap(expression)]);
  const verdict = judgeExpression(JSON.parse(String(tree)), about.columns);
  if (verdict.refusal !== null)
    throw new AppError("invalid_input", "expression", `${about.subject} was refused. ${verdict.refusal}`);
  return verdict.columns;
}

/** The newline ends a comment that the text may close with. */
function wrap(expression: string): string {
  return `SELECT (${expression}\n) AS value FROM input`;
}
