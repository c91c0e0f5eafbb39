import type { ImportOptions } from "@/domain/data/contracts";
import type { ColumnProfile, ColumnSchema } from "@/domain/data/types";
import { AppError } from "@/domain/errors";
import { assertExpression } from "./check-expression";
import { columnTypeOf, findTypes, readAs, STORED_AS } from "./column-types";
import { type DuckSession, duckMessage, withDuckDb } from "./duckdb";
import { profileTable } from "./profile-table";
import type { ScannedCsv } from "./read-csv";
import { identifier, literal, scalarLiteral } from "./sql-text";

export type BuiltTable = {
  readonly schema: readonly ColumnSchema[];
  readonly profile: readonly ColumnProfile[];
  readonly rows: number;
};

type Job = {
  readonly folder: string;
  readonly csv: string;
  readonly parquet: string;
  readonly scanned: ScannedCsv;
  readonly options: ImportOptions;
};

/**
 * Turns a judged CSV file into Parquet in the file's row order: types found from all values, constants and
 * derived columns added, the filter applied. Expressions are checked first and their faults are `invalid_input`.
 */
export async function buildParquet(job: Job): Promise<BuiltTable> {
  return withDuckDb({ files: [], folders: [job.folder], memory: "1GB" }, async (session) => {
    const source = csvRelation(job);
    const { read } = await session.row(`SELECT count(*) AS read FROM ${source}`).catch(refuseCsv);
    if (read !== job.scanned.rows)
      throw new AppError(
        "invalid_input",
        "unreadable",
        "The file could not be read: mixed line endings or quotes out of place.",
      );
    const found = await findTypes(session, source, { columns: job.scanned.columns, demanded: job.options.types });
    const query = await tableQuery(session, source, { found, options: job.options });
    await session
      .rows(`COPY (${query}) TO ${literal(job.parquet)} (FORMAT parquet, COMPRESSION zstd)`)
      .catch(refuseExpression);
    return describeTable(session, job.parquet);
  });
}

function csvRelation(job: Job): string {
  const columns = job.scanned.columns.map((name) => `${literal(name)}: 'VARCHAR'`).join(", ");
  const missing = [...new Set(["", job.options.nullText])].map(literal).join(", ");
  return `read_csv(${literal(job.csv)}, auto_detect=false, header=${job.options.header}, delim=${literal(job.options.delimiter)}, quote='"', escape='"', columns={${columns}}, nullstr=[${missing}], strict_mode=true, null_padding=false, max_line_size=16777216, buffer_size=67108864)`;
}

async function tableQuery(
  session: DuckSession,
  source: string,
  about: { readonly found: readonly ColumnSchema[]; readonly options: ImportOptions },
): Promise<string> {
  const { found, options } = about;
  const constants = Object.keys(options.constants).sort();
  const derived = Object.keys(options.derived).sort();
  assertNoClash([...found.map((column) => column.name), ...constants, ...derived]);
  const base = [...found.map((column) => column.name), ...constants];
  for (const name of derived)
    await assertExpression(session, options.derived[name] ?? "", {
      subject: `The derived column ${name}`,
      columns: base,
    });
  if (options.filter !== null)
    await assertExpression(session, options.filter, { subject: "The filter", columns: [...base, ...derived] });

  const typed = found.map((column) => `${readAs(column)} AS ${identifier(column.name)}`);
  const fixed = constants.map((name) => `${scalarLiteral(options.constants[name] ?? "")} AS ${identifier(name)}`);
  const computed = derived.map((name) => `(${options.derived[name]}\n) AS ${identifier(name)}`);
  const inner = `SELECT ${[...typed, ...fixed].join(", ")} FROM ${source}`;
  const input = `SELECT ${["*", ...computed].join(", ")} FROM (${inner}) AS input`;
  return `SELECT ${await storedColumns(session, input)} FROM (${input}) AS input${options.filter === null ? "" : ` WHERE (${options.filter}\n)`}`;
}

/** Every column cast to the few types that a dataset version knows. */
async function storedColumns(session: DuckSession, input: string): Promise<string> {
  const rows = await session.rows(`DESCRIBE ${input}`).catch(refuseExpression);
  return rows
    .map((row) => {
      const name = identifier(String(row.column_name));
      return `CAST(${name} AS ${STORED_AS[columnTypeOf(String(row.column_type))]}) AS ${name}`;
    })
    .join(", ");
}

function assertNoClash(names: readonly string[]): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name.toLowerCase()))
      throw new AppError("invalid_input", "duplicate_column", `There are two columns named ${name}.`);
    seen.add(name.toLowerCase());
  }
}

async function describeTable(session: DuckSession, parquet: string): Promise<BuiltTable> {
  const table = `read_parquet(${literal(parquet)})`;
  const columns = await session.rows(`DESCRIBE SELECT * FROM ${table}`);
  const schema = columns.map(
    (row): ColumnSchema => ({ name: String(row.column_name), type: columnTypeOf(String(row.column_type)) }),
  );
  const { rows } = await session.row(`SELECT count(*) AS rows FROM ${table}`);
  if (rows === 0) throw new AppError("invalid_input", "no_rows", "The filter leaves no row.");
  return { schema, profile: await profileTable(session, table, schema), rows: Number(rows) };
}

function refuseCsv(error: unknown): never {
  throw new AppError("invalid_input", "unreadable", `The file could not be read. ${duckMessage(error)}`);
}

/** A fault in what the person wrote; one of our own, such as no memory left, stays a fault. */
function refuseExpression(error: unknown): never {
  const text = error instanceof Error ? error.message : "";
  if (!/^(Binder|Conversion|Out of Range|Invalid Input|Parser) Error/.test(text)) throw error;
  throw new AppError("invalid_input", "expression", `An expression could not be computed. ${duckMessage(error)}`);
}
