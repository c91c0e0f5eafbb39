import type { ColumnSchema } from "@/domain/data/types";
import { AppError } from "@/domain/errors";
import { type Draft, definitionProblem } from "@/domain/features/definition";
import type { FeatureDefinition } from "@/domain/features/types";
import type { ServiceContext } from "../context";
import { assertExpression } from "../data/check-expression";
import { columnTypeOf } from "../data/column-types";
import { duckMessage, withDuckDb } from "../data/duckdb";
import { identifier, literal } from "../data/sql-text";

/**
 * A draft as a definition: its columns are those of the dataset, each expression is one pure expression over a row of
 * it, and each gets the type that it has on this version. `invalid_input` says what is wrong.
 */
export async function checkDefinition(
  ctx: Pick<ServiceContext, "blobs">,
  draft: Draft,
  data: { readonly schema: readonly ColumnSchema[]; readonly parquetSha256: string },
): Promise<FeatureDefinition> {
  const problem = definitionProblem(draft, data.schema);
  if (problem) throw new AppError("invalid_input", "definition", problem);
  const file = await ctx.blobs.localPath(data.parquetSha256);
  const known = data.schema.map((column) => column.name);
  return withDuckDb({ files: [file], timeoutMs: 30_000 }, async (session) => {
    for (const { name, expression } of draft.columns)
      await assertExpression(session, expression, { subject: `The column ${name}`, columns: known });
    const list = draft.columns.map(({ name, expression }) => `(${expression}\n) AS ${identifier(name)}`).join(", ");
    const query = `SELECT ${list} FROM read_parquet(${literal(file)}) AS input`;
    // The values are computed once over all rows, so that a fault shows here and not in somebody's pipeline.
    const described = await session.rows(`DESCRIBE ${query}`).catch(refuseExpression);
    await session
      .rows(
        `SELECT ${draft.columns.map((_, index) => `count(c${index})`).join(", ")} FROM (${query}) AS t(${draft.columns.map((_, index) => `c${index}`).join(", ")})`,
      )
      .catch(refuseExpression);
    const columns = draft.columns.map((column, index) => ({
      ...column,
      type: columnTypeOf(String(described[index]?.column_type)),
    }));
    return { ...draft, columns };
  });
}

/** A fault in what the person wrote; one of our own, such as no memory left, stays a fault. */
function refuseExpression(error: unknown): never {
  const text = error instanceof Error ? error.message : "";
  if (!/^(Binder|Conversion|Out of Range|Invalid Input|Parser) Error/.test(text)) throw error;
  throw new AppError("invalid_input", "expression", `A column could not be computed. ${duckMessage(error)}`);
}
