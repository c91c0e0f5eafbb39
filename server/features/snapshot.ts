import path from "node:path";
import type { FeatureDefinition } from "@/domain/features/types";
import type { ServiceContext } from "../context";
import { type Cell, type DuckSession, type Row, withDuckDb } from "../data/duckdb";
import { withScratch } from "../data/scratch";
import { literal } from "../data/sql-text";
import { entityKey } from "./entity-key";
import { refuseComputation, sourceOf } from "./point-in-time-join";
import { latestSql } from "./point-in-time-sql";

/** The offline side of a materialisation: one row an entity, in the order of the entities. */
export type Snapshot = { readonly sha256: string; readonly rows: number; readonly watermark: Date | null };

/** One row as the online table takes it. Times are ISO 8601 in UTC, to the microsecond. */
export type SnapshotRow = {
  readonly key: string;
  readonly event_time: string;
  readonly created_time: string | null;
  readonly values: Readonly<Record<string, Cell>>;
};

const instant = (column: string) => `strftime(${column}, '%Y-%m-%dT%H:%M:%S.%fZ')`;

/** Writes the newest row of each entity of a view to a blob. The same data give the same bytes, so a repeat does no harm. */
export async function takeSnapshot(
  ctx: ServiceContext,
  definition: FeatureDefinition,
  parquetSha256: string,
): Promise<Snapshot> {
  const file = await ctx.blobs.localPath(parquetSha256);
  return withScratch(ctx, async (folder) => {
    const target = path.join(folder, "snapshot.parquet");
    const found = await withDuckDb({ files: [file], folders: [folder], memory: "1GB" }, async (session) => {
      await session.rows(`CREATE TABLE latest AS ${latestSql(sourceOf(definition, file))}`).catch(refuseComputation);
      await session.rows(`COPY latest TO ${literal(target)} (FORMAT parquet, COMPRESSION zstd)`);
      return session.row(`SELECT count(*) AS rows, ${instant("max(event_at)")} AS watermark FROM latest`);
    });
    const { sha256 } = await ctx.blobs.putFile(target);
    const watermark = typeof found.watermark === "string" ? new Date(found.watermark) : null;
    return { sha256, rows: Number(found.rows), watermark };
  });
}

/** Reads a snapshot in chunks of at most `size` rows from `offset` on; `work` sees one chunk after another. */
export async function eachChunk(
  ctx: ServiceContext,
  snapshot: { readonly sha256: string; readonly definition: FeatureDefinition },
  plan: {
    readonly offset: number;
    readonly size: number;
    readonly timeoutMs: number;
    readonly work: (chunk: readonly SnapshotRow[], offset: number) => Promise<void>;
  },
): Promise<void> {
  const file = await ctx.blobs.localPath(snapshot.sha256);
  await withDuckDb({ files: [file], timeoutMs: plan.timeoutMs }, async (session) => {
    for (let offset = plan.offset; ; offset += plan.size) {
      const chunk = await readChunk(session, { ...snapshot, file, offset, size: plan.size });
      if (chunk.length > 0) await plan.work(chunk, offset);
      if (chunk.length < plan.size) return;
    }
  });
}

async function readChunk(
  session: DuckSession,
  about: {
    readonly file: string;
    readonly definition: FeatureDefinition;
    readonly offset: number;
    readonly size: number;
  },
): Promise<readonly SnapshotRow[]> {
  const { entityColumns, columns } = about.definition;
  const keys = entityColumns.map((_, index) => `k${index}`);
  const features = columns.map((_, index) => `f${index}`);
  const rows = await session.rows(
    `SELECT ${[...keys, ...features].join(", ")}, ${instant("event_at")} AS event_at, ${instant("created_at")} AS created_at
     FROM read_parquet(${literal(about.file)}, file_row_number = true)
     WHERE file_row_number >= ${about.offset} AND file_row_number < ${about.offset + about.size}
     ORDER BY file_row_number`,
  );
  return rows.map((row) => snapshotRow(row, about.definition));
}

function snapshotRow(row: Row, { entityColumns, columns }: FeatureDefinition): SnapshotRow {
  const entity = Object.fromEntries(entityColumns.map((name, index) => [name, row[`k${index}`] ?? null]));
  // JSON has no form for NaN and the infinities; online they are missing, as they are in the answer.
  const finite = (value: Cell) => (typeof value === "number" && !Number.isFinite(value) ? null : value);
  return {
    key: entityKey(entity),
    event_time: String(row.event_at),
    created_time: row.created_at === null ? null : String(row.created_at),
    values: Object.fromEntries(columns.map(({ name }, index) => [name, finite(row[`f${index}`] ?? null)])),
  };
}
