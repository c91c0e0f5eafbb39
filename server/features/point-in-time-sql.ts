import { identifier } from "../data/sql-text";

/** A feature as it is computed: an expression over the source's row, cast to the type in which it is stored. */
export type TypedFeature = { readonly name: string; readonly expression: string; readonly storedAs: string };

/** The rows of a feature view: where they are, and what they say. */
export type FeatureSource = {
  /** A relation such as `read_parquet('…')`. */
  readonly relation: string;
  readonly entityColumns: readonly string[];
  readonly eventTimeColumn: string;
  readonly createdTimeColumn: string | null;
  readonly features: readonly TypedFeature[];
};

export type PointInTimeJoin = {
  readonly source: FeatureSource;
  readonly spine: {
    readonly relation: string;
    /** Every column that passes through, in order; the entity columns have the names that they have in the source. */
    readonly columns: readonly string[];
    readonly timeColumn: string;
  };
  /** 0: a value never grows too old. */
  readonly timeToLiveSeconds: number;
};

/** Name of the column that says whether a row of the view was found for a spine row; not in the spine nor a feature. */
export const MATCHED = "countersign matched";

/** A number of the spine's rows, whose name no column can have by chance. */
const ROW = identifier("countersign row");

/**
 * One row of the source for each entity and event time: of several the one that became known last; where that does
 * not decide either, the one whose content has the smallest MD5, which does not depend on the order of the rows.
 * Columns: `k0…` the entity, `event_at`, `created_at`, `f0…` the features. Rows without entity or time match nothing.
 *
 * Instants that only one row claims go past the ranking: sorting and hashing a million rows for a few ties is what costs.
 */
export function distinctSourceSql({ relation, features, ...source }: FeatureSource): string {
  const keys = source.entityColumns.map((_, index) => `k${index}`);
  const inner = [
    ...source.entityColumns.map((name, index) => `${identifier(name)} AS k${index}`),
    `CAST(${identifier(source.eventTimeColumn)} AS TIMESTAMP) AS event_at`,
    `CAST(${source.createdTimeColumn === null ? "NULL" : identifier(source.createdTimeColumn)} AS TIMESTAMP) AS created_at`,
    ...features.map(({ expression, storedAs }, index) => `CAST((${expression}\n) AS ${storedAs}) AS f${index}`),
  ];
  const known = [...keys, "event_at"].map((name) => `${name} IS NOT NULL`).join(" AND ");
  const instant = [...keys, "event_at"].join(", ");
  return `WITH r AS (SELECT * FROM (SELECT ${inner.join(", ")} FROM ${relation} AS input) WHERE ${known}),
  tied AS MATERIALIZED (SELECT ${instant} FROM r GROUP BY ${instant} HAVING count(*) > 1)
  SELECT * FROM r ANTI JOIN tied USING (${instant})
  UNION ALL
  SELECT * FROM (SELECT * FROM r SEMI JOIN tied USING (${instant})
    QUALIFY row_number() OVER (PARTITION BY ${instant} ORDER BY created_at DESC NULLS LAST, ${contentHashSql(features.length)}) = 1)`;
}

/** MD5 over the features of a row, in the order of their definition. */
export function contentHashSql(features: number): string {
  const parts = Array.from({ length: features }, (_, index) => `coalesce('=' || f${index}::varchar, '-')`);
  return `md5(concat_ws(chr(31), ${parts.join(", ")}))`;
}

/**
 * The point-in-time join: each row of the spine, in its order and never more than once, with the features of the
 * newest source row of its entity at or before its time. The newest *row* counts: where its value is missing, the
 * feature is missing. The time to live is applied after the match, both ends inclusive: inside of an ASOF condition
 * further inequalities are refused or change the result. The last column, `MATCHED`, says whether a row was found.
 */
export function pointInTimeSql({ source, spine, timeToLiveSeconds }: PointInTimeJoin): string {
  const at = `CAST(e.${identifier(spine.timeColumn)} AS TIMESTAMP)`;
  const keys = source.entityColumns.map((name, index) => `e.${identifier(name)} = d.k${index}`);
  // Said again for the unlimited case: from 64 spine rows on, DuckDB matches a spine row without a time.
  const isFresh =
    timeToLiveSeconds === 0 ? `d.event_at <= ${at}` : `d.event_at >= ${at} - to_seconds(${timeToLiveSeconds})`;
  const columns = [
    ...spine.columns.map((name) => `e.${identifier(name)}`),
    ...source.features.map(({ name }, index) => `CASE WHEN ${isFresh} THEN d.f${index} END AS ${identifier(name)}`),
    `coalesce(${isFresh}, false) AS ${identifier(MATCHED)}`,
  ];
  return `WITH d AS (${distinctSourceSql(source)}),
  e AS (SELECT *, row_number() OVER () AS ${ROW} FROM ${spine.relation})
SELECT ${columns.join(", ")}
FROM e ASOF LEFT JOIN d ON ${keys.join(" AND ")} AND ${at} >= d.event_at
ORDER BY e.${ROW}`;
}

/** The newest row of each entity, in the order of the entities: what the online table holds. Columns as in `distinctSourceSql`. */
export function latestSql(source: FeatureSource): string {
  const keys = source.entityColumns.map((_, index) => `k${index}`).join(", ");
  return `SELECT * FROM (${distinctSourceSql(source)}) AS d
QUALIFY row_number() OVER (PARTITION BY ${keys} ORDER BY event_at DESC) = 1
ORDER BY ${keys}`;
}
