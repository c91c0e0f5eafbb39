import { and, eq, inArray } from "drizzle-orm";
import { datasetVersions } from "@/db/schema/data";
import type { ImportOptions } from "@/domain/data/contracts";
import type { ColumnSchema } from "@/domain/data/types";
import { AppError } from "@/domain/errors";
import type { ServiceContext } from "../context";
import { withDuckDb } from "./duckdb";
import { rowHashSql } from "./row-hash";
import { literal } from "./sql-text";

export type SharedRows = {
  readonly datasetVersionId: string;
  readonly shared: number;
  readonly columns: readonly string[];
};

/**
 * How many rows of a hold-out version also stand in each of the other versions, told by the row hash over the
 * columns that both have (constants of the import left out, since they tell no rows apart). Without a common
 * column nothing is shared.
 */
export async function countSharedRows(
  ctx: ServiceContext,
  holdoutVersionId: string,
  otherVersionIds: readonly string[],
): Promise<{ readonly rows: number; readonly others: readonly SharedRows[] }> {
  const holdout = await versionOf(ctx, holdoutVersionId);
  const others =
    otherVersionIds.length === 0
      ? []
      : await ctx.db
          .select()
          .from(datasetVersions)
          .where(
            and(inArray(datasetVersions.id, [...otherVersionIds]), eq(datasetVersions.projectId, holdout.projectId)),
          );
  if (others.length < new Set(otherVersionIds).size)
    throw new AppError("not_found", "dataset_version", "There is no such dataset version.");
  const mine = await ctx.blobs.localPath(holdout.parquetSha256);
  const counted: SharedRows[] = [];
  for (const other of others) {
    const theirs = await ctx.blobs.localPath(other.parquetSha256);
    const columns = commonColumns(holdout, other);
    counted.push({
      datasetVersionId: other.id,
      columns: columns.map((column) => column.name),
      shared: await countShared([mine, theirs], columns),
    });
  }
  return { rows: holdout.rows, others: counted };
}

async function versionOf(ctx: ServiceContext, id: string) {
  const [version] = await ctx.db.select().from(datasetVersions).where(eq(datasetVersions.id, id));
  if (!version) throw new AppError("not_found", "dataset_version", "There is no such dataset version.");
  return version;
}

type Version = Awaited<ReturnType<typeof versionOf>>;

function commonColumns(a: Version, b: Version): readonly ColumnSchema[] {
  const constants = new Set(
    [a, b].flatMap((version) => Object.keys((JSON.parse(version.importOptions) as ImportOptions).constants)),
  );
  const theirs = new Set(b.schema.map((column) => column.name));
  return a.schema.filter((column) => theirs.has(column.name) && !constants.has(column.name));
}

async function countShared(files: readonly [string, string], columns: readonly ColumnSchema[]): Promise<number> {
  if (columns.length === 0) return 0;
  const hash = rowHashSql(columns);
  return withDuckDb({ files }, async (session) => {
    const { shared } = await session.row(
      `SELECT count(*) AS shared FROM read_parquet(${literal(files[0])}) WHERE ${hash} IN (SELECT ${hash} FROM read_parquet(${literal(files[1])}))`,
    );
    return Number(shared);
  });
}
