import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { finished } from "node:stream/promises";
import type { ColumnSchema } from "@/domain/data/types";
import { AppError } from "@/domain/errors";
import type { EvaluatedRow, Evaluation, ModelSignature } from "@/domain/registry/types";
import { layoutOf, type TensorLayout } from "@/domain/serving/layout";
import { metricsOf, type Reading, readingOf, scoreRows, spreadRows } from "@/domain/serving/scoring";
import { decodeRows, encodeRows } from "@/domain/serving/tensors";
import type { Outputs, Value } from "@/domain/serving/types";
import { coerce } from "@/domain/serving/values";
import { assertExpression } from "../data/check-expression";
import { type DuckSession, duckMessage, type Row, withDuckDb } from "../data/duckdb";
import { rowHashSql } from "../data/row-hash";
import { identifier, literal } from "../data/sql-text";
import { ModelRuntime, type RuntimeLimits } from "./model-runtime";
import { within } from "./within";

export const EVALUATION_LIMITS: RuntimeLimits & { readonly totalMs: number; readonly rows: number } = {
  loadMs: 30_000,
  callMs: 30_000,
  totalMs: 300_000,
  /** All are held at once, with their answers: half a million of six columns take 300 MB of the worker's heap. */
  rows: 250_000,
  memoryBytes: 1024 ** 3,
};
const SMOKE_ROWS = 20;
const BATCH = 1_024;
const LABEL = "__label";
const HASH = "__hash";

export type EvaluationJob = {
  readonly onnx: string;
  readonly parquet: string;
  readonly signature: ModelSignature;
  readonly schema: readonly ColumnSchema[];
  readonly target: string;
  /** Where the JSON lines of evaluated rows go. */
  readonly lines: string;
  readonly limits?: Partial<typeof EVALUATION_LIMITS>;
};

type Table = { readonly rows: readonly Row[]; readonly labels: readonly number[]; readonly isBoolean: boolean };

/** Runs the ONNX file on every row of the table and measures its answers. Throws `precondition_failed` with the reason where the two do not fit. */
export async function runEvaluation(job: EvaluationJob): Promise<Evaluation> {
  const started = performance.now();
  const limits = { ...EVALUATION_LIMITS, ...job.limits };
  const layout = layoutOf(job.signature);
  if (layout.problem !== null) throw new AppError("precondition_failed", "contract", layout.problem);
  assertColumns(job);
  const table = await readTable(job);
  const inputs = table.rows.map((row, index) =>
    job.signature.columns.map((column) => coerce(row[column.name], column, index)),
  );
  const runtime = await ModelRuntime.start(job.onnx, limits);
  try {
    const outputs = await within(limits.totalMs, answerAll(runtime, layout.tensors, inputs), () => {
      void runtime.close();
      return new AppError(
        "precondition_failed",
        "too_slow",
        `The evaluation took longer than ${limits.totalMs / 1_000} s and was ended.`,
      );
    });
    const { reading, rows } = score(table, outputs);
    await writeLines(job.lines, rows);
    return {
      rows: rows.length,
      ...metricsOf(reading, rows),
      durationMs: Math.round(performance.now() - started),
      smoke: smokeRows(job.signature, inputs, outputs),
    };
  } finally {
    await runtime.close();
  }
}

function assertColumns(job: EvaluationJob): void {
  const types = new Map(job.schema.map((column) => [column.name, column.type]));
  const missing = job.signature.columns.filter((column) => !types.has(column.name)).map((column) => column.name);
  if (missing.length > 0)
    throw new AppError(
      "precondition_failed",
      "missing_column",
      `The dataset version lacks ${missing.length === 1 ? "the column" : "the columns"} ${missing.join(", ")}, which the model takes.`,
      { missing },
    );
}

async function readTable(job: EvaluationJob): Promise<Table> {
  return withDuckDb({ files: [job.parquet], memory: "1GB" }, async (session) => {
    await assertExpression(session, job.target, {
      subject: "The target",
      columns: job.schema.map((column) => column.name),
    });
    const source = `(SELECT *, (${job.target}\n) AS ${LABEL}, ${rowHashSql(job.schema)} AS ${HASH} FROM read_parquet(${literal(job.parquet)}) AS input)`;
    const type = await labelType(session, source);
    await assertSize(session, job);
    const columns = [
      ...job.signature.columns.map((column) => identifier(column.name)),
      `CAST(${LABEL} AS DOUBLE) AS ${LABEL}`,
      HASH,
    ];
    const rows = await session.rows(`SELECT ${columns.join(", ")} FROM ${source}`);
    const unlabelled = rows.filter((row) => row[LABEL] === null).length;
    if (unlabelled > 0)
      throw new AppError(
        "precondition_failed",
        "missing_label",
        `${unlabelled} of ${rows.length} rows have no value of the target ${job.target}.`,
      );
    return { rows, labels: rows.map((row) => Number(row[LABEL])), isBoolean: type === "BOOLEAN" };
  });
}

async function assertSize(session: DuckSession, { parquet, limits }: EvaluationJob): Promise<void> {
  const [found] = await session.rows(`SELECT count(*) AS counted FROM read_parquet(${literal(parquet)})`);
  const rows = Number(found?.counted);
  const most = limits?.rows ?? EVALUATION_LIMITS.rows;
  if (rows <= most) return;
  throw new AppError(
    "precondition_failed",
    "too_many_rows",
    `The dataset version has ${rows} rows; a model is evaluated on at most ${most}. Use a version with fewer rows, such as a sample.`,
    { rows, most },
  );
}

async function labelType(session: DuckSession, source: string): Promise<string> {
  const [described] = await session.rows(`DESCRIBE SELECT ${LABEL} FROM ${source}`).catch((error: unknown) => {
    throw new AppError("precondition_failed", "target", `The target could not be computed. ${duckMessage(error)}`);
  });
  const type = String(described?.column_type);
  if (!/^(BOOLEAN|U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|DOUBLE|FLOAT|DECIMAL.*)$/.test(type))
    throw new AppError(
      "precondition_failed",
      "target",
      `The target is ${type.toLowerCase()}; it has to be a condition or a number.`,
    );
  return type;
}

async function answerAll(
  runtime: ModelRuntime,
  layout: readonly TensorLayout[],
  inputs: readonly (readonly Value[])[],
): Promise<Outputs> {
  const batches: Outputs[] = [];
  for (let start = 0; start < inputs.length; start += BATCH) {
    const rows = inputs.slice(start, start + BATCH);
    const tensors = await runtime.run(encodeRows(layout, rows));
    if (tensors.some((tensor) => tensor.dims[0] !== rows.length))
      throw new AppError("precondition_failed", "contract", "The model does not give one answer per row.");
    batches.push(decodeRows(tensors, 0, rows.length));
  }
  const [first = []] = batches;
  return first.map((output, index) => ({ ...output, values: batches.flatMap((batch) => batch[index]?.values ?? []) }));
}

function score(table: Table, outputs: Outputs): { readonly reading: Reading; readonly rows: readonly EvaluatedRow[] } {
  const reading = readingOf(outputs, table);
  if ("problem" in reading) throw new AppError("precondition_failed", "contract", reading.problem);
  try {
    const scored = scoreRows(outputs, reading, table.rows.length);
    const rows = table.rows.map((row, index) => ({
      rowHash: String(row[HASH]),
      label: table.labels[index] ?? 0,
      prediction: scored[index]?.prediction ?? 0,
      probability: scored[index]?.probability ?? null,
    }));
    return { reading, rows };
  } catch (error) {
    throw new AppError("precondition_failed", "output", error instanceof Error ? error.message : String(error));
  }
}

async function writeLines(file: string, rows: readonly EvaluatedRow[]): Promise<void> {
  const stream = createWriteStream(file, { mode: 0o600 });
  for (const row of rows) {
    if (!stream.write(`${JSON.stringify(row)}\n`)) await once(stream, "drain");
  }
  stream.end();
  await finished(stream);
}

/** Rows with the answers recorded for them; outputs of text are left out, since they have no distance. */
function smokeRows(
  signature: ModelSignature,
  inputs: readonly (readonly Value[])[],
  outputs: Outputs,
): Evaluation["smoke"] {
  const numeric = outputs.filter((output) => output.datatype !== "BYTES");
  return spreadRows(inputs.length, SMOKE_ROWS).map((row) => ({
    inputs: Object.fromEntries(signature.columns.map((column, index) => [column.name, inputs[row]?.[index] ?? 0])),
    outputs: Object.fromEntries(
      numeric.map(({ name, width, values }) => [name, values.slice(row * width, (row + 1) * width).map(Number)]),
    ),
  }));
}
