import { eq, sql } from "drizzle-orm";
import { materializations } from "@/db/schema/features";
import { AppError } from "@/domain/errors";
import type { Parity } from "@/domain/features/types";
import type { ServiceContext } from "../context";
import { type LoadedMaterialization, loadMaterialization } from "./prepare-materialization";
import { eachChunk, type SnapshotRow } from "./snapshot";

export const CHUNK_ROWS = 2_000;
const LONGEST_MS = 6 * 60 * 60 * 1_000;

export type CopyHooks = {
  /** Called after each chunk that is committed, with the rows that are online by now. */
  readonly onChunk: (writtenRows: number) => void;
  readonly signal: AbortSignal;
};

/**
 * Writes the rows of the snapshot that are not online yet, chunk by chunk; each commits with the count of rows that
 * are done, so a copy that was killed goes on behind the last whole chunk. A row that is online and newer stays.
 */
export async function copyMaterialization(
  ctx: ServiceContext,
  materializationId: string,
  hooks: CopyHooks,
  size = CHUNK_ROWS,
): Promise<void> {
  const loaded = await loadMaterialization(ctx.db, materializationId);
  if (loaded.copy.state !== "copying") return;
  await eachChunk(ctx, snapshotOf(loaded), {
    offset: loaded.copy.writtenRows,
    size,
    timeoutMs: LONGEST_MS,
    work: async (chunk, offset) => {
      hooks.signal.throwIfAborted();
      await writeChunk(ctx, loaded, { chunk, offset });
      hooks.onChunk(offset + chunk.length);
    },
  });
}

function snapshotOf({ copy, version }: LoadedMaterialization) {
  if (!copy.snapshotSha256) throw new AppError("precondition_failed", "no_snapshot", "The copy has no snapshot yet.");
  return { sha256: copy.snapshotSha256, definition: version.definition };
}

type Part = { readonly chunk: readonly SnapshotRow[]; readonly offset: number };

/** One chunk, in one transaction: its rows in one statement, and how far the copy is. */
async function writeChunk(ctx: ServiceContext, { copy }: LoadedMaterialization, part: Part): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    const [row] = await tx
      .select({ state: materializations.state, writtenRows: materializations.writtenRows })
      .from(materializations)
      .where(eq(materializations.id, copy.id))
      .for("no key update");
    if (row?.state !== "copying" || row.writtenRows !== part.offset)
      throw new Error("Another worker goes on with this copy.");
    await tx.execute(sql`
      insert into online_features as standing
        (view_version_id, entity_key, project_id, event_time, created_time, "values", materialization_id, written_at)
      select ${copy.viewVersionId}::uuid, r.key, ${copy.projectId}::uuid, r.event_time, r.created_time, r."values",
        ${copy.id}::uuid, ${ctx.clock().toISOString()}::timestamptz
      from jsonb_to_recordset(${JSON.stringify(part.chunk)}::jsonb)
        as r (key text, event_time timestamptz, created_time timestamptz, "values" jsonb)
      on conflict (view_version_id, entity_key) do update set
        event_time = excluded.event_time, created_time = excluded.created_time, "values" = excluded."values",
        materialization_id = excluded.materialization_id, written_at = excluded.written_at
      where (standing.event_time, coalesce(standing.created_time, '-infinity'))
        <= (excluded.event_time, coalesce(excluded.created_time, '-infinity'))`);
    await tx
      .update(materializations)
      .set({ writtenRows: part.offset + part.chunk.length })
      .where(eq(materializations.id, copy.id));
  });
}

/** Compares every row of the snapshot with the online table, without changing either. */
export async function compareMaterialization(
  ctx: ServiceContext,
  materializationId: string,
  hooks: CopyHooks,
): Promise<Parity> {
  const loaded = await loadMaterialization(ctx.db, materializationId);
  const total = { offline: 0, equal: 0, newer: 0, different: 0 };
  await eachChunk(ctx, snapshotOf(loaded), {
    offset: 0,
    size: CHUNK_ROWS,
    timeoutMs: LONGEST_MS,
    work: async (chunk, offset) => {
      hooks.signal.throwIfAborted();
      const { equal, newer } = await compareChunk(ctx, loaded.copy.viewVersionId, chunk);
      total.offline += chunk.length;
      total.equal += equal;
      total.newer += newer;
      total.different += chunk.length - equal - newer;
      hooks.onChunk(offset + chunk.length);
    },
  });
  return total;
}

async function compareChunk(ctx: ServiceContext, viewVersionId: string, chunk: readonly SnapshotRow[]) {
  const [row] = await ctx.db.execute<{ equal: number; newer: number }>(sql`
    select
      count(*) filter (where o.event_time = r.event_time and o.created_time is not distinct from r.created_time
        and o."values" = r."values")::int as equal,
      count(*) filter (where (o.event_time, coalesce(o.created_time, '-infinity'))
        > (r.event_time, coalesce(r.created_time, '-infinity')))::int as newer
    from jsonb_to_recordset(${JSON.stringify(chunk)}::jsonb)
      as r (key text, event_time timestamptz, created_time timestamptz, "values" jsonb)
    join online_features o on o.view_version_id = ${viewVersionId}::uuid and o.entity_key = r.key`);
  return { equal: row?.equal ?? 0, newer: row?.newer ?? 0 };
}
