import type { slices } from "@/db/schema/reviews";
import type { ColumnSchema } from "@/domain/data/types";
import { AppError } from "@/domain/errors";
import type { EvaluatedRow } from "@/domain/registry/types";
import { failedSlice, sliceResult } from "@/domain/reviews/slices";
import type { SliceResult } from "@/domain/reviews/types";
import { assertExpression } from "../data/check-expression";
import { type DuckSession, duckMessage, withDuckDb } from "../data/duckdb";
import { rowHashSql } from "../data/row-hash";
import { literal } from "../data/sql-text";

type Slice = Pick<typeof slices.$inferSelect, "id" | "name" | "expression">;

export type SlicedDataset = {
  /** Path of the Parquet file of the evaluation dataset. */
  readonly parquet: string;
  readonly schema: readonly ColumnSchema[];
};

const isInSql = (expression: string, parquet: string) =>
  `SELECT coalesce(CAST((${expression}\n) AS BOOLEAN), false) AS is_in FROM read_parquet(${literal(parquet)}) AS input`;

/** Refuses a condition that cannot be computed on the dataset (`invalid_input`). Answers how many rows it selects. */
export async function countSliceRows(dataset: SlicedDataset, expression: string): Promise<number> {
  return withDuckDb({ files: [dataset.parquet] }, async (session) => {
    const isIn = await membershipOf(session, dataset, expression);
    return isIn.filter(Boolean).length;
  });
}

/** For each row of the dataset, in its order, whether the condition holds; a condition that is null does not. */
async function membershipOf(
  session: DuckSession,
  { parquet, schema }: SlicedDataset,
  expression: string,
): Promise<readonly boolean[]> {
  await assertExpression(session, expression, {
    subject: "The condition",
    columns: schema.map(({ name }) => name),
  });
  try {
    const rows = await session.rows(isInSql(expression, parquet));
    return rows.map((row) => row.is_in === true);
  } catch (error) {
    throw new AppError("invalid_input", "expression", `The condition could not be computed. ${duckMessage(error)}`);
  }
}

/** The recorded rows must be the dataset's rows, one by one: else a slice would tell of other rows. */
async function assertSameRows(
  session: DuckSession,
  dataset: SlicedDataset,
  sides: readonly (readonly EvaluatedRow[] | null)[],
): Promise<number> {
  const hashes = await session.rows(
    `SELECT ${rowHashSql(dataset.schema)} AS hash FROM read_parquet(${literal(dataset.parquet)}) AS input`,
  );
  for (const side of sides) {
    const isSame =
      side === null || (side.length === hashes.length && side.every((row, at) => row.rowHash === hashes[at]?.hash));
    if (!isSame) throw new Error("The recorded predictions do not belong to the rows of the evaluation dataset.");
  }
  return hashes.length;
}

/** All rows, then each slice in the order of its name, for both versions, from what the platform recorded for each row. */
export async function computeSlices(
  dataset: SlicedDataset,
  about: {
    readonly metric: string;
    readonly slices: readonly Slice[];
    readonly candidate: readonly EvaluatedRow[] | null;
    readonly base: readonly EvaluatedRow[] | null;
  },
): Promise<readonly SliceResult[]> {
  const { metric, candidate, base } = about;
  return withDuckDb({ files: [dataset.parquet] }, async (session) => {
    const rows = await assertSameRows(session, dataset, [candidate, base]);
    const all = { id: "all", name: "All rows", expression: null };
    const results = [sliceResult(all, metric, { isIn: new Array<boolean>(rows).fill(true), candidate, base })];
    for (const { id, name, expression } of about.slices) {
      const spec = { id, name, expression };
      try {
        const isIn = await membershipOf(session, dataset, expression);
        results.push(sliceResult(spec, metric, { isIn, candidate, base }));
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        results.push(failedSlice(spec, error.message));
      }
    }
    return results;
  });
}
