import type { ColumnSchema, ColumnType } from "@/domain/data/types";
import { AppError } from "@/domain/errors";
import type { FeatureDefinition } from "@/domain/features/types";
import { assertExpression } from "../data/check-expression";
import { columnTypeOf, STORED_AS } from "../data/column-types";
import { type DuckSession, duckMessage } from "../data/duckdb";
import { identifier, literal } from "../data/sql-text";
import { type FeatureSource, MATCHED, pointInTimeSql } from "./point-in-time-sql";

export type JoinOrder = {
  readonly definition: FeatureDefinition;
  /** Parquet files: the rows that features are joined to, the rows of the view, and where the result goes. */
  readonly spineFile: string;
  readonly sourceFile: string;
  readonly target: string;
  /** An expression over the spine's row that becomes the column `label`; null: no label. */
  readonly label: string | null;
  /** Days that bound the event time of the spine's rows, both inclusive; null: no bound. */
  readonly from: string | null;
  readonly to: string | null;
};

export type JoinedSet = { readonly rows: number; readonly unmatchedRows: number; readonly labelColumn: string | null };

/** Name of the column that an expression under `label` becomes. */
export const LABEL = "label";

/** The rows of a view in a Parquet file, as the join reads them. */
export function sourceOf(definition: FeatureDefinition, file: string): FeatureSource {
  return {
    relation: `read_parquet(${literal(file)})`,
    entityColumns: definition.entityColumns,
    eventTimeColumn: definition.eventTimeColumn,
    createdTimeColumn: definition.createdTimeColumn,
    features: definition.columns.map(({ name, expression, type }) => ({
      name,
      expression,
      storedAs: STORED_AS[type],
    })),
  };
}

async function schemaOf(session: DuckSession, file: string): Promise<readonly ColumnSchema[]> {
  const rows = await session.rows(`DESCRIBE SELECT * FROM read_parquet(${literal(file)})`);
  return rows.map((row) => ({ name: String(row.column_name), type: columnTypeOf(String(row.column_type)) }));
}

/** Refuses rows that cannot be matched: a column that is missing, or that is of another type than the view's. */
function assertJoinable(
  definition: FeatureDefinition,
  spine: readonly ColumnSchema[],
  source: readonly ColumnSchema[],
) {
  const typeIn = (schema: readonly ColumnSchema[], name: string): ColumnType | undefined =>
    schema.find((column) => column.name === name)?.type;
  const refuse = (sentence: string) => new AppError("precondition_failed", "not_joinable", sentence);
  for (const name of [...definition.entityColumns, definition.eventTimeColumn]) {
    const [here, there] = [typeIn(spine, name), typeIn(source, name)];
    if (!here) throw refuse(`The rows have no column ${name}, which ${definition.name} needs.`);
    if (!there) throw refuse(`The dataset has no column ${name} any more, which ${definition.name} needs.`);
    const isTime = name === definition.eventTimeColumn;
    const isSame = isTime ? here === "date" || here === "timestamp" : here === there;
    if (!isSame) throw refuse(`${name} is ${here} in the rows and ${there} in the dataset: they would never be equal.`);
  }
}

type SpineQuery = { readonly relation: string; readonly columns: readonly string[]; readonly hasLabel: boolean };

/**
 * The spine: entity and event time, the label, then every other column of the rows whose name no feature has. A
 * feature's name stands for the feature: the value beside it in the rows may not have been known at that time.
 */
async function spineQuery(
  session: DuckSession,
  order: JoinOrder,
  schema: readonly ColumnSchema[],
): Promise<SpineQuery> {
  const { definition, label, from, to } = order;
  const keys = [...definition.entityColumns, definition.eventTimeColumn];
  const taken = new Set([...keys, ...definition.columns.map(({ name }) => name)].map((name) => name.toLowerCase()));
  if (label !== null) {
    await assertExpression(session, label, { subject: "The label", columns: schema.map(({ name }) => name) });
    if (taken.has(LABEL))
      throw new AppError(
        "precondition_failed",
        "label_taken",
        `${definition.name} has a column named ${LABEL} already.`,
      );
    taken.add(LABEL);
  }
  const others = schema.map(({ name }) => name).filter((name) => !taken.has(name.toLowerCase()));
  const selected = [
    ...keys.map(identifier),
    ...(label === null ? [] : [`(${label}\n) AS ${identifier(LABEL)}`]),
    ...others.map(identifier),
  ];
  const at = `CAST(${identifier(definition.eventTimeColumn)} AS TIMESTAMP)`;
  const bounds = [
    ...(from === null ? [] : [`${at} >= CAST(${literal(from)} AS DATE)`]),
    ...(to === null ? [] : [`${at} < CAST(${literal(to)} AS DATE) + INTERVAL 1 DAY`]),
  ];
  const where = bounds.length > 0 ? ` WHERE ${bounds.join(" AND ")}` : "";
  return {
    relation: `(SELECT ${selected.join(", ")} FROM read_parquet(${literal(order.spineFile)}) AS input${where})`,
    columns: [...keys, ...(label === null ? [] : [LABEL]), ...others],
    hasLabel: label !== null,
  };
}

/**
 * Joins the features of a view to rows as they were known at the time of each row, and writes the result as Parquet
 * in the order of the rows. Not one row is lost or doubled. `precondition_failed` or `invalid_input` where the rows,
 * the label or the view's expressions do not fit.
 */
export async function joinPointInTime(session: DuckSession, order: JoinOrder): Promise<JoinedSet> {
  const { definition } = order;
  const [spineSchema, sourceSchema] = [
    await schemaOf(session, order.spineFile),
    await schemaOf(session, order.sourceFile),
  ];
  assertJoinable(definition, spineSchema, sourceSchema);
  for (const { name, expression } of definition.columns)
    await assertExpression(session, expression, {
      subject: `The column ${name}`,
      columns: sourceSchema.map((column) => column.name),
    });
  const spine = await spineQuery(session, order, spineSchema);
  const query = pointInTimeSql({
    source: sourceOf(definition, order.sourceFile),
    spine: { relation: spine.relation, columns: spine.columns, timeColumn: definition.eventTimeColumn },
    timeToLiveSeconds: definition.timeToLiveSeconds,
  });
  await session.rows(`CREATE TABLE joined AS ${query}`).catch(refuseComputation);
  const counts = await session.row(
    `SELECT count(*) AS rows, count(*) FILTER (WHERE NOT ${identifier(MATCHED)}) AS unmatched FROM joined`,
  );
  await session.rows(
    `COPY (SELECT * EXCLUDE (${identifier(MATCHED)}) FROM joined) TO ${literal(order.target)} (FORMAT parquet, COMPRESSION zstd)`,
  );
  return {
    rows: Number(counts.rows),
    unmatchedRows: Number(counts.unmatched),
    labelColumn: spine.hasLabel ? LABEL : null,
  };
}

/** A value that an expression cannot be computed from; a fault of our own, such as no memory left, stays a fault. */
export function refuseComputation(error: unknown): never {
  const text = error instanceof Error ? error.message : "";
  if (!/^(Binder|Conversion|Out of Range|Invalid Input|Parser) Error/.test(text)) throw error;
  throw new AppError("precondition_failed", "expression", `The features could not be computed. ${duckMessage(error)}`);
}
