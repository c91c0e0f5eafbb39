import type { ColumnProfile, ColumnSchema } from "@/domain/data/types";
import type { DuckSession, Row } from "./duckdb";
import { identifier } from "./sql-text";

const BINS = 20;

type Quantiles = ColumnProfile["quantiles"];

/** The profile of each column of `source`, a relation in SQL. Quantiles are linear (type 7), the deviation is the sample's. */
export async function profileTable(
  session: DuckSession,
  source: string,
  schema: readonly ColumnSchema[],
): Promise<readonly ColumnProfile[]> {
  const profiles: ColumnProfile[] = [];
  for (const column of schema) profiles.push(await profileColumn(session, source, column));
  return profiles;
}

async function profileColumn(session: DuckSession, source: string, column: ColumnSchema): Promise<ColumnProfile> {
  const name = identifier(column.name);
  const isOrdered = column.type !== "text" && column.type !== "boolean";
  const basics = await session.row(
    `SELECT count(*) AS rows, count(*) - count(${name}) AS missing, count(DISTINCT ${name}) AS found${isOrdered ? `, CAST(min(${name}) AS VARCHAR) AS least, CAST(max(${name}) AS VARCHAR) AS greatest` : ""} FROM ${source}`,
  );
  const isEmpty = basics.rows === basics.missing;
  return {
    ...column,
    rows: Number(basics.rows),
    missing: Number(basics.missing),
    distinct: Number(basics.found),
    min: textOf(basics.least),
    max: textOf(basics.greatest),
    ...(await moments(session, source, column)),
    histogram: isOrdered && !isEmpty ? await histogram(session, source, column) : null,
    top: isOrdered ? null : await topValues(session, source, name),
  };
}

const textOf = (value: Row[string] | undefined) => (value === null || value === undefined ? null : String(value));

/** Mean, deviation and quantiles of a numeric column. */
async function moments(
  session: DuckSession,
  source: string,
  column: ColumnSchema,
): Promise<{ readonly mean: number | null; readonly standardDeviation: number | null; readonly quantiles: Quantiles }> {
  if (column.type !== "integer" && column.type !== "double")
    return { mean: null, standardDeviation: null, quantiles: null };
  const value = `${identifier(column.name)}::double`;
  const shares = [0.05, 0.25, 0.5, 0.75, 0.95];
  const row = await session.row(
    `SELECT avg(${value}) AS mean, stddev_samp(${value}) AS deviation, ${shares.map((share, index) => `quantile_cont(${value}, ${share}) AS q${index}`).join(", ")} FROM ${source} WHERE isfinite(${value})`,
  );
  const at = (key: string) => Number(row[key]);
  const isKnown = row.mean !== null;
  return {
    mean: isKnown ? at("mean") : null,
    standardDeviation: row.deviation === null ? null : at("deviation"),
    quantiles: isKnown ? { p05: at("q0"), p25: at("q1"), p50: at("q2"), p75: at("q3"), p95: at("q4") } : null,
  };
}

/** Equal-width bins between the least and the greatest value; one bin where they are the same. */
async function histogram(
  session: DuckSession,
  source: string,
  column: ColumnSchema,
): Promise<ColumnProfile["histogram"]> {
  const isTime = column.type === "date" || column.type === "timestamp";
  const value = isTime
    ? `epoch_ms(${identifier(column.name)}::timestamp)::double`
    : `${identifier(column.name)}::double`;
  const range = await session.row(
    `SELECT min(${value}) AS least, max(${value}) AS greatest, count(*) AS rows FROM ${source} WHERE isfinite(${value})`,
  );
  if (range.least === null) return null;
  const least = Number(range.least);
  const width = (Number(range.greatest) - least) / BINS;
  if (!(width > 0) || !Number.isFinite(width))
    return { edges: [least, Number(range.greatest)], counts: [Number(range.rows)] };
  const rows = await session.rows(
    `SELECT least(floor((${value} - ${least}::double) / ${width}::double), ${BINS - 1})::integer AS bin, count(*) AS rows FROM ${source} WHERE isfinite(${value}) GROUP BY bin`,
  );
  const counts = new Map(rows.map((row) => [Number(row.bin), Number(row.rows)]));
  return {
    edges: Array.from({ length: BINS + 1 }, (_, index) =>
      index === BINS ? Number(range.greatest) : least + index * width,
    ),
    counts: Array.from({ length: BINS }, (_, index) => counts.get(index) ?? 0),
  };
}

async function topValues(session: DuckSession, source: string, name: string): Promise<ColumnProfile["top"]> {
  const rows = await session.rows(
    `SELECT left(CAST(${name} AS VARCHAR), 120) AS value, count(*) AS rows FROM ${source} WHERE ${name} IS NOT NULL GROUP BY 1 ORDER BY rows DESC, value LIMIT 10`,
  );
  return rows.map((row) => ({ value: String(row.value), rows: Number(row.rows) }));
}
