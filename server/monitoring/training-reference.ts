import type { Executor } from "@/db/client";
import { MOST_CATEGORIES } from "@/domain/monitoring/psi";
import { categoryOf, DECILES, type ReferenceColumn } from "@/domain/monitoring/reference";
import { monthsOf, type Window } from "@/domain/monitoring/windows";
import type { ServiceContext } from "../context";
import { type DuckSession, withDuckDb } from "../data/duckdb";
import { identifier, literal } from "../data/sql-text";
import { trainingSetOfVersion } from "../features/training-set-of-version";

export type TrainingReference = {
  readonly trainingSetId: string;
  readonly rows: number;
  /** "10 to 12". */
  readonly months: string;
  readonly columns: readonly ReferenceColumn[];
};

/** Categories that a reference keeps apart; the rarer ones count as others. */
const MOST_VALUES = 50;

/**
 * The rows that a version was trained on, of the same calendar months as the window, binned column by column. The
 * sentence says why there are none.
 */
export async function trainingReference(
  ctx: ServiceContext,
  wanted: { readonly projectId: string; readonly modelVersionId: string; readonly window: Window },
): Promise<TrainingReference | { readonly missing: string }> {
  const set = await trainingSetOfVersion(ctx.db as Executor, wanted.projectId, wanted.modelVersionId);
  if (!set)
    return { missing: "The version has no training set of a features step, so there is nothing to compare with." };
  const months = monthsOf(wanted.window);
  const file = await ctx.blobs.localPath(set.parquetSha256);
  return withDuckDb({ files: [file], timeoutMs: 60_000 }, async (session) => {
    const columns = set.featureColumns.map(identifier).join(", ");
    const month = `month(CAST(${identifier(set.eventTimeColumn)} AS TIMESTAMP))`;
    await session.rows(
      `CREATE TABLE reference AS SELECT ${columns} FROM read_parquet(${literal(file)}) WHERE ${month} IN (${months.join(", ")})`,
    );
    const { rows } = await session.row("SELECT count(*) AS rows FROM reference");
    if (Number(rows) === 0) return { missing: "The training set has no rows of these months." };
    const types = await session.rows("DESCRIBE reference");
    const found: ReferenceColumn[] = [];
    for (const { column_name, column_type } of types) {
      const column = await referenceColumn(session, String(column_name), String(column_type));
      if (column) found.push(column);
    }
    return {
      trainingSetId: set.id,
      rows: Number(rows),
      months: `${months[0]} to ${months.at(-1)}`,
      columns: found,
    };
  });
}

const NUMERIC = /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|REAL|DECIMAL)/;

/** Null for a column without values. */
async function referenceColumn(session: DuckSession, name: string, type: string): Promise<ReferenceColumn | null> {
  const column = identifier(name);
  if (NUMERIC.test(type)) {
    const value = `CAST(${column} AS DOUBLE)`;
    const known = `${column} IS NOT NULL AND NOT isnan(${value})`;
    const summary = await session.row(
      `SELECT count(*) AS rows, count(DISTINCT ${column}) AS distincts, min(${value}) AS least, max(${value}) AS most,
              to_json(quantile_cont(${value}, [${DECILES.join(", ")}])) AS deciles FROM reference WHERE ${known}`,
    );
    if (Number(summary.rows) === 0) return null;
    if (Number(summary.distincts) > MOST_CATEGORIES) {
      const edges = [...new Set(JSON.parse(String(summary.deciles)) as number[])];
      const bin = edges.map((edge) => `CAST(${value} >= ${edge} AS INTEGER)`).join(" + ");
      const counted = await session.rows(
        `SELECT ${bin} AS bin, count(*) AS rows FROM reference WHERE ${known} GROUP BY 1`,
      );
      const counts = Array.from({ length: edges.length + 1 }, () => 0);
      for (const row of counted) counts[Number(row.bin)] = Number(row.rows);
      const { least, most } = summary;
      return {
        name,
        rows: Number(summary.rows),
        bins: { kind: "numeric", edges, least: Number(least), most: Number(most), counts },
      };
    }
  }
  return categories(session, name);
}

async function categories(session: DuckSession, name: string): Promise<ReferenceColumn | null> {
  const column = identifier(name);
  const counted = await session.rows(
    `SELECT CAST(${column} AS VARCHAR) AS value, count(*) AS rows FROM reference
     WHERE ${column} IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1`,
  );
  if (counted.length === 0) return null;
  const kept = counted.slice(0, MOST_VALUES);
  const others = counted.slice(MOST_VALUES).reduce((sum, row) => sum + Number(row.rows), 0);
  return {
    name,
    rows: counted.reduce((sum, row) => sum + Number(row.rows), 0),
    bins: {
      kind: "categories",
      values: kept.map((row) => categoryOf(row.value)),
      counts: [...kept.map((row) => Number(row.rows)), others],
    },
  };
}
