import { type SQL, sql } from "drizzle-orm";
import { uuidOf } from "@/domain/experiments/identifiers";
import type { Clause, Comparator, Order } from "@/domain/experiments/search-types";

/**
 * Clauses of the search language as conditions on `experiment_runs r` joined with `experiments e`.
 * Every value is a parameter. A missing key never matches; NaN compares with nothing.
 */
export function clausesSql(clauses: readonly Clause[]): SQL {
  return clauses.length === 0 ? sql`true` : sql.join(clauses.map(clauseSql), sql` and `);
}

const OPERATORS: Readonly<
  Record<Exclude<Comparator, "LIKE" | "ILIKE" | "IN" | "NOT IN" | "IS NULL" | "IS NOT NULL">, SQL>
> = {
  ">": sql`>`,
  ">=": sql`>=`,
  "=": sql`=`,
  "!=": sql`<>`,
  "<": sql`<`,
  "<=": sql`<=`,
};

function clauseSql(clause: Clause): SQL {
  switch (clause.entity) {
    case "metric":
      return sql`exists (select 1 from latest_metrics x where x.run_id = r.id and x.key = ${clause.key} and x.value <> 'NaN' and ${comparison(sql`x.value`, clause)})`;
    case "param":
      return pairSql(sql`run_params`, clause);
    case "tag":
      return pairSql(sql`run_tags`, clause);
    case "dataset":
      return sql`exists (select 1 from run_inputs x where x.run_id = r.id and ${comparison(sql`x.${sql.identifier(clause.key)}`, clause)})`;
    case "attribute":
      return attributeSql(clause);
  }
}

function pairSql(table: SQL, clause: Clause): SQL {
  const has = sql`select 1 from ${table} x where x.run_id = r.id and x.key = ${clause.key}`;
  if (clause.comparator === "IS NULL") return sql`not exists (${has})`;
  if (clause.comparator === "IS NOT NULL") return sql`exists (${has})`;
  return sql`exists (${has} and ${comparison(sql`x.value`, clause)})`;
}

/** Expressions of the attributes; keys come from the language's closed list. */
const ATTRIBUTES: Readonly<Record<string, SQL>> = {
  run_id: sql`replace(r.id::text, '-', '')`,
  run_name: sql`r.name`,
  status: sql`r.status`,
  user_id: sql`r.user_name`,
  artifact_uri: sql`('mlflow-artifacts:/' || case when e.is_default then '0' else e.number::text end || '/' || replace(r.id::text, '-', '') || '/artifacts')`,
  start_time: sql`r.start_ms`,
  end_time: sql`r.end_ms`,
};

function attributeSql(clause: Clause): SQL {
  if (clause.key === "run_id" && (clause.comparator === "=" || clause.comparator === "IN")) {
    const wanted = Array.isArray(clause.value) ? clause.value : [String(clause.value)];
    const ids = wanted.flatMap((text) => (uuidOf(text) && !text.includes("-") ? [uuidOf(text)] : []));
    return ids.length === 0
      ? sql`false`
      : sql`r.id in (${sql.join(
          ids.map((id) => sql`${id}::uuid`),
          sql`, `,
        )})`;
  }
  return comparison(ATTRIBUTES[clause.key] ?? sql`null`, clause);
}

function comparison(left: SQL, { comparator, value }: Clause): SQL {
  if (comparator === "LIKE") return sql`${left} like ${value} escape ''`;
  if (comparator === "ILIKE") return sql`${left} ilike ${value} escape ''`;
  if (comparator === "IN" || comparator === "NOT IN") {
    const list = sql.join(
      (Array.isArray(value) ? value : []).map((text) => sql`${text}`),
      sql`, `,
    );
    return comparator === "IN" ? sql`${left} in (${list})` : sql`${left} not in (${list})`;
  }
  if (comparator === "IS NULL" || comparator === "IS NOT NULL") return sql`false`;
  const right = typeof value === "number" ? sql`${value}::float8` : sql`${value}`;
  return sql`${left} ${OPERATORS[comparator]} ${right}`;
}

export type Ordering = {
  /** Joins that the order needs. */
  readonly joins: SQL;
  /** What stands after `order by`. */
  readonly by: SQL;
};

/** Numbers, then NaN, then what is missing, in both directions; at last the newest first, then by id. */
export function orderingSql(orders: readonly Order[]): Ordering {
  const parts = orders.map((order, index) => orderSql(order, sql.identifier(`o${index}`)));
  return {
    joins: sql.join(
      parts.map((part) => part.join),
      sql` `,
    ),
    by: sql.join([...parts.map((part) => part.by), sql`r.start_ms desc`, sql`r.id`], sql`, `),
  };
}

function orderSql(
  { entity, key, isAscending }: Order,
  alias: ReturnType<typeof sql.identifier>,
): { readonly join: SQL; readonly by: SQL } {
  const direction = isAscending ? sql`asc` : sql`desc`;
  if (entity === "attribute") return { join: sql``, by: sql`${ATTRIBUTES[key] ?? sql`null`} ${direction} nulls last` };
  const table = entity === "metric" ? sql`latest_metrics` : entity === "param" ? sql`run_params` : sql`run_tags`;
  const join = sql`left join ${table} ${alias} on ${alias}.run_id = r.id and ${alias}.key = ${key}`;
  const byValue = sql`${alias}.value ${direction} nulls last`;
  return {
    join,
    by: entity === "metric" ? sql`(${alias}.value is null), (${alias}.value = 'NaN'), ${byValue}` : byValue,
  };
}
