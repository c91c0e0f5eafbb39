import os from "node:os";
import { type DuckDBConnection, DuckDBInstance, type JS } from "@duckdb/node-api";
import { AppError } from "@/domain/errors";
import { literal } from "./sql-text";

export type Cell = string | number | boolean | null;
export type Row = Readonly<Record<string, Cell>>;

/** SQL on one private in-memory database. Values of rows are JSON scalars; dates are ISO text. */
export type DuckSession = {
  rows(sql: string, parameters?: readonly Cell[]): Promise<readonly Row[]>;
  /** The one row that an aggregate gives. */
  row(sql: string, parameters?: readonly Cell[]): Promise<Row>;
  /** Rows in order, in batches, without holding all of them. */
  batches(sql: string): AsyncGenerator<readonly Row[]>;
};

export type DuckLimits = {
  /** Files that may be read, absolute. */
  readonly files: readonly string[];
  /** Folders that may be read and written, absolute. */
  readonly folders?: readonly string[];
  readonly memory?: string;
  readonly timeoutMs?: number;
  /** Interrupts the query that runs when it is aborted. */
  readonly signal?: AbortSignal;
};

const DEFAULT_TIMEOUT_MS = 120_000;
const MOST_AT_ONCE = 2;

/**
 * Runs `work` on a DuckDB of its own: bounded memory, two threads, no file but those named, no network, no
 * extension, configuration locked, everything interrupted after `timeoutMs` (`precondition_failed`, `too_slow`).
 * At most two run at once in a process; others wait.
 */
export async function withDuckDb<T>(limits: DuckLimits, work: (session: DuckSession) => Promise<T>): Promise<T> {
  await gate.enter();
  try {
    const instance = await DuckDBInstance.create(":memory:");
    try {
      return await runOn(await instance.connect(), limits, work);
    } finally {
      instance.closeSync();
    }
  } finally {
    gate.leave();
  }
}

async function runOn<T>(
  connection: DuckDBConnection,
  limits: DuckLimits,
  work: (session: DuckSession) => Promise<T>,
): Promise<T> {
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    connection.interrupt();
  }, limits.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  const interrupt = () => connection.interrupt();
  limits.signal?.addEventListener("abort", interrupt, { once: true });
  try {
    // The order matters: once external access is off the paths cannot be widened, once locked nothing can.
    await connection.run("SET TimeZone='UTC'");
    await connection.run(`SET memory_limit=${literal(limits.memory ?? "512MB")}`);
    await connection.run(`SET threads=${Math.min(2, os.availableParallelism())}`);
    const [scratch] = limits.folders ?? [];
    await connection.run(`SET temp_directory=${literal(scratch === undefined ? "" : `${scratch}/spill`)}`);
    await connection.run(`SET allowed_paths=[${limits.files.map(literal).join(", ")}]`);
    await connection.run(`SET allowed_directories=[${(limits.folders ?? []).map(literal).join(", ")}]`);
    await connection.run("SET enable_external_access=false");
    await connection.run("SET lock_configuration=true");
    return await work(sessionOn(connection));
  } catch (error) {
    if (isLate) throw new AppError("precondition_failed", "too_slow", "The query took too long and was ended.");
    throw error;
  } finally {
    clearTimeout(timer);
    limits.signal?.removeEventListener("abort", interrupt);
    connection.closeSync();
  }
}

function sessionOn(connection: DuckDBConnection): DuckSession {
  async function rows(sql: string, parameters: readonly Cell[] = []): Promise<readonly Row[]> {
    const reader = await connection.runAndReadAll(sql, [...parameters]);
    return reader.getRowObjectsJS().map(toRow);
  }
  return {
    rows,
    row: async (sql, parameters) => {
      const [first] = await rows(sql, parameters);
      if (!first) throw new Error("The query gave no row.");
      return first;
    },
    batches: async function* (sql) {
      const result = await connection.stream(sql);
      for await (const batch of result.yieldRowObjectJs()) yield batch.map(toRow);
    },
  };
}

function toRow(values: Readonly<Record<string, JS>>): Row {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, toCell(value)]));
}

function toCell(value: JS): Cell {
  if (value === null || typeof value === "string" || typeof value === "boolean" || typeof value === "number")
    return value;
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
  if (value instanceof Date) return dateText(value);
  return JSON.stringify(value);
}

/** A day as `2012-01-31`, an instant with its time. */
export function dateText(date: Date): string {
  const text = date.toISOString();
  return text.endsWith("T00:00:00.000Z") ? text.slice(0, 10) : text;
}

/** A queue before the databases, so that many requests at once do not multiply the memory limit. */
const gate = {
  free: MOST_AT_ONCE,
  waiting: [] as (() => void)[],
  async enter(): Promise<void> {
    if (this.free > 0) this.free -= 1;
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
  },
  leave(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.free += 1;
  },
};

/** DuckDB's own message, cut to its first line and without paths, for a person who wrote the expression. */
export function duckMessage(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const [first = ""] = text.split("\n");
  return first.replace(/(["']?)\/[^\s"']+\1/g, "the file").replace(/^[A-Za-z ]+ Error: /, "");
}
