import { checkProblem, describeCheck } from "@/domain/data/checks";
import type { CheckResult, CheckSpec, ColumnSchema } from "@/domain/data/types";
import type { DuckSession } from "./duckdb";
import { identifier, literal } from "./sql-text";

const SAMPLE = 10;

type Query = { readonly failing: string; readonly sample: string };

/** Judges each check on `table`, a relation in SQL with these columns. A check that does not fit the columns is an error. */
export async function runChecks(
  session: DuckSession,
  table: string,
  about: { readonly schema: readonly ColumnSchema[]; readonly checks: readonly CheckSpec[] },
): Promise<readonly CheckResult[]> {
  const total = Number((await session.row(`SELECT count(*) AS rows FROM ${table}`)).rows);
  const results: CheckResult[] = [];
  for (const check of about.checks) {
    const problem = checkProblem(check, about.schema);
    results.push(
      problem === null
        ? await runCheck(session, check, { table, total })
        : { check, verdict: "error", failing: 0, rows: total, message: problem, sample: [] },
    );
  }
  return results;
}

async function runCheck(
  session: DuckSession,
  check: CheckSpec,
  about: { readonly table: string; readonly total: number },
): Promise<CheckResult> {
  const query = queryOf(check, about.table);
  const failing = Number((await session.row(`SELECT coalesce(${query.failing}, 0)::bigint AS failing`)).failing);
  const sample = failing === 0 ? [] : await session.rows(`${query.sample} LIMIT ${SAMPLE}`);
  const message = failing === 0 ? `${describeCheck(check)}.` : failureSentence(check, failing);
  return { check, verdict: failing === 0 ? "pass" : "fail", failing, rows: about.total, message, sample };
}

function failureSentence(check: CheckSpec, failing: number): string {
  const isDates = check.kind === "gap_free_dates";
  const noun = isDates
    ? failing === 1
      ? "day is missing"
      : "days are missing"
    : failing === 1
      ? "row breaks"
      : "rows break";
  return isDates
    ? `${failing} ${noun}: ${describeCheck(check)}.`
    : `${failing} ${noun} the check: ${describeCheck(check)}.`;
}

function queryOf(check: CheckSpec, table: string): Query {
  switch (check.kind) {
    case "not_null":
      return rowsWhere(table, `${identifier(check.column)} IS NULL`);
    case "range":
      return rowsWhere(table, outside(identifier(check.column), check.min, check.max));
    case "allowed_values":
      return rowsWhere(
        table,
        `CAST(${identifier(check.column)} AS VARCHAR) NOT IN (${check.values.map(literal).join(", ")})`,
      );
    case "unique":
      return repeated(table, check.columns);
    case "gap_free_dates":
      return gaps(table, identifier(check.column), check.largestGapDays);
  }
}

/** Failing rows with their number, from 1, as the file has them. */
function rowsWhere(table: string, condition: string): Query {
  return {
    failing: `(SELECT count(*) FROM ${table} WHERE ${condition})`,
    sample: `SELECT * FROM (SELECT row_number() OVER () AS "row", * FROM ${table}) WHERE ${condition} ORDER BY "row"`,
  };
}

/** A missing value is the business of not_null; a value that is no number is outside of every range. */
function outside(column: string, min: number | null, max: number | null): string {
  const sides = [
    min === null ? null : `${column} < ${min}::double`,
    max === null ? null : `${column} > ${max}::double`,
    `isnan(${column}::double)`,
  ];
  return `(${sides.filter((side) => side !== null).join(" OR ")})`;
}

/** Every row after the first of its kind counts as failing; missing values are never the same, as in SQL. */
function repeated(table: string, columns: readonly string[]): Query {
  const keys = columns.map(identifier);
  const whole = keys.map((key) => `${key} IS NOT NULL`).join(" AND ");
  const groups = `SELECT ${keys.join(", ")}, count(*) AS "rows" FROM ${table} WHERE ${whole} GROUP BY ${keys.join(", ")} HAVING count(*) > 1`;
  return {
    failing: `(SELECT sum("rows" - 1) FROM (${groups}))`,
    sample: `SELECT * FROM (${groups}) ORDER BY "rows" DESC, ${keys.join(", ")}`,
  };
}

/** Missing days between neighbouring dates that lie further apart than allowed. */
function gaps(table: string, column: string, largestGapDays: number): Query {
  const days = `SELECT DISTINCT CAST(${column} AS DATE) AS day FROM ${table} WHERE ${column} IS NOT NULL`;
  const pairs = `SELECT lag(day) OVER (ORDER BY day) AS "after", day AS "before" FROM (${days})`;
  const wide = `SELECT "after", "before", date_diff('day', "after", "before") - 1 AS "missing days" FROM (${pairs}) WHERE date_diff('day', "after", "before") > ${largestGapDays}`;
  return { failing: `(SELECT sum("missing days") FROM (${wide}))`, sample: `SELECT * FROM (${wide}) ORDER BY "after"` };
}
