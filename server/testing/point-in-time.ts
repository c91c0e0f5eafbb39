import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { FeatureDefinition } from "@/domain/features/types";
import { type DuckSession, withDuckDb } from "../data/duckdb";
import { literal } from "../data/sql-text";
import { joinPointInTime } from "../features/point-in-time-join";

/** Seconds are medians of several turns, ours and the bare query by turns. */
export type JoinFigures = {
  readonly seconds: number;
  readonly bareSeconds: number;
  readonly ratio: number;
  readonly rows: number;
  readonly unmatchedRows: number;
};

export const SPINE_ROWS = 100_000;
export const SOURCE_ROWS = 1_000_000;
const ENTITIES = 20_000;
const TURNS = 5;
const TIME_TO_LIVE_SECONDS = 30 * 86_400;

const DEFINITION: FeatureDefinition = {
  name: "readings",
  dataset: "readings",
  entityColumns: ["id"],
  eventTimeColumn: "seen",
  createdTimeColumn: null,
  columns: [{ name: "reading", expression: "value", type: "double" }],
  timeToLiveSeconds: TIME_TO_LIVE_SECONDS,
  description: "",
};

/** A year of times from a number; `salt` makes another series of it. */
const time = (salt: number) => `TIMESTAMP '2012-01-01' + to_seconds((hash(i * ${salt}) % 31536000)::BIGINT)`;

/** Readings of which one in a hundred is a second one of the same instant, and rows to which they are joined. */
async function writeTables(session: DuckSession, files: { readonly spine: string; readonly source: string }) {
  const distinct = Math.round(SOURCE_ROWS * 0.99);
  await session.rows(`COPY (
    SELECT (hash(i) % ${ENTITIES})::BIGINT AS id, ${time(7)} AS seen, (hash(n) % 100000) / 7.0 AS value
    FROM (SELECT n, n % ${distinct} AS i FROM range(${SOURCE_ROWS}) t(n))
  ) TO ${literal(files.source)} (FORMAT parquet)`);
  await session.rows(`COPY (
    SELECT (hash(i + 5) % ${ENTITIES})::BIGINT AS id, ${time(11)} AS seen, i AS number FROM range(${SPINE_ROWS}) t(i)
  ) TO ${literal(files.spine)} (FORMAT parquet)`);
}

/** What one would write by hand for the same answer, without a check of the columns, ties by the value itself. */
function bareQuery(files: { readonly spine: string; readonly source: string }): string {
  return `WITH d AS (
      SELECT * FROM read_parquet(${literal(files.source)})
      QUALIFY row_number() OVER (PARTITION BY id, seen ORDER BY value) = 1)
    SELECT e.* EXCLUDE (n), CASE WHEN d.seen >= e.seen - to_seconds(${TIME_TO_LIVE_SECONDS}) THEN d.value END AS reading
    FROM (SELECT *, row_number() OVER () AS n FROM read_parquet(${literal(files.spine)})) e
    ASOF LEFT JOIN d ON e.id = d.id AND e.seen >= d.seen
    ORDER BY e.n`;
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

async function timed<T>(work: () => Promise<T>): Promise<{ readonly seconds: number; readonly result: T }> {
  const started = performance.now();
  const result = await work();
  return { seconds: (performance.now() - started) / 1_000, result };
}

/** The whole join as a step makes it, Parquet to Parquet, against the bare DuckDB query on the same files. */
export async function timeJoin(): Promise<JoinFigures> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "countersign-bench-"));
  const files = { spine: path.join(folder, "spine.parquet"), source: path.join(folder, "source.parquet") };
  const target = path.join(folder, "result.parquet");
  const limits = { files: [], folders: [folder], memory: "1GB" };
  try {
    await withDuckDb(limits, (session) => writeTables(session, files));
    const ours: number[] = [];
    const bare: number[] = [];
    let joined = { rows: 0, unmatchedRows: 0 };
    for (let turn = 0; turn < TURNS; turn += 1) {
      const bareTurn = await withDuckDb(limits, (session) =>
        timed(() =>
          session.rows(`COPY (${bareQuery(files)}) TO ${literal(target)} (FORMAT parquet, COMPRESSION zstd)`),
        ),
      );
      const ourTurn = await withDuckDb(limits, (session) =>
        timed(() =>
          joinPointInTime(session, {
            definition: DEFINITION,
            spineFile: files.spine,
            sourceFile: files.source,
            target,
            label: null,
            from: null,
            to: null,
          }),
        ),
      );
      bare.push(bareTurn.seconds);
      ours.push(ourTurn.seconds);
      joined = ourTurn.result;
    }
    const [seconds, bareSeconds] = [median(ours), median(bare)];
    return {
      seconds,
      bareSeconds,
      ratio: seconds / bareSeconds,
      rows: joined.rows,
      unmatchedRows: joined.unmatchedRows,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
