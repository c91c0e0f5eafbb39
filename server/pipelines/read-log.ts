import { and, eq, sql } from "drizzle-orm";
import { stepAttempts } from "@/db/schema/pipelines";
import { AppError } from "@/domain/errors";
import type { Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";

const PAGE_BYTES = 256 * 1024;

export type LogPage = {
  /** Whole lines, each "2026-11-24T08:13:11.123Z text". */
  readonly text: string;
  /** Hand it in for what follows. */
  readonly cursor: string;
  /** Bytes of the log that stand before this page. */
  readonly skippedBytes: number;
  readonly hasMore: boolean;
  readonly isOver: boolean;
  readonly isCut: boolean;
};

/**
 * A page of an attempt's log after a cursor, or the last 256 KB of it without one. The cursor counts bytes, so
 * that it goes on working when the chunks are sealed into a blob between two pages.
 */
export async function readLog(
  ctx: ServiceContext,
  scope: Scope<"pipelines.read">,
  input: { attemptId: string; cursor?: string | undefined },
): Promise<LogPage> {
  let attempt = await attemptRow(ctx, scope, input.attemptId);
  const from = input.cursor === undefined ? null : Number(input.cursor);
  if (from !== null && !(Number.isSafeInteger(from) && from >= 0))
    throw new AppError("invalid_input", "cursor", "The cursor is none of ours.");
  let page = attempt.logSha256
    ? await sealedPage(ctx, attempt.logSha256, from)
    : await openPage(ctx, input.attemptId, from);
  if (page.text === "" && !attempt.logSha256) {
    // The chunks may have been sealed between the two reads.
    attempt = await attemptRow(ctx, scope, input.attemptId);
    if (attempt.logSha256) page = await sealedPage(ctx, attempt.logSha256, from);
  }
  return { ...page, isOver: attempt.finishedAt !== null, isCut: attempt.isLogCut };
}

async function attemptRow(ctx: ServiceContext, scope: Scope<"pipelines.read">, attemptId: string) {
  const [attempt] = await ctx.db
    .select({ logSha256: stepAttempts.logSha256, finishedAt: stepAttempts.finishedAt, isLogCut: stepAttempts.isLogCut })
    .from(stepAttempts)
    .where(and(eq(stepAttempts.id, attemptId), eq(stepAttempts.projectId, scope.projectId)));
  if (!attempt) throw new AppError("not_found", "attempt", "There is no such attempt.");
  return attempt;
}

type Page = Pick<LogPage, "text" | "cursor" | "skippedBytes" | "hasMore">;

async function sealedPage(ctx: ServiceContext, sha256: string, from: number | null): Promise<Page> {
  const bytes = Buffer.from(await ctx.blobs.read(sha256));
  const start = from ?? afterNewline(bytes, Math.max(0, bytes.length - PAGE_BYTES));
  const newline = beforeNewline(bytes, start + PAGE_BYTES);
  const end = newline > start ? newline : Math.min(bytes.length, start + PAGE_BYTES);
  return {
    text: bytes.subarray(start, end).toString("utf8"),
    cursor: String(end),
    skippedBytes: start,
    hasMore: end < bytes.length,
  };
}

/** Chunks end at line ends, so a page is some chunks and needs no cutting. */
async function openPage(ctx: ServiceContext, attemptId: string, from: number | null): Promise<Page> {
  const rows = await ctx.db.execute<{ text: string; start: string; total: string }>(sql`
    with sized as (
      select sequence, octet_length(text) as bytes,
        sum(octet_length(text)) over (order by sequence) - octet_length(text) as start,
        sum(octet_length(text)) over () as total
      from step_log_chunks where attempt_id = ${attemptId}
    ), wanted as (
      select * from sized
      where case when ${from === null} then start + bytes > total - ${PAGE_BYTES} else start >= ${from ?? 0} and start < ${(from ?? 0) + PAGE_BYTES} end
    )
    select chunk.text, wanted.start::text, wanted.total::text from wanted join step_log_chunks chunk on chunk.attempt_id = ${attemptId} and chunk.sequence = wanted.sequence
    order by wanted.sequence`);
  const [first] = rows;
  if (!first) return { text: "", cursor: String(from ?? 0), skippedBytes: from ?? 0, hasMore: false };
  const text = rows.map((row) => row.text).join("");
  const end = Number(first.start) + Buffer.byteLength(text);
  return { text, cursor: String(end), skippedBytes: Number(first.start), hasMore: end < Number(first.total) };
}

const NEWLINE = 10;

function afterNewline(bytes: Buffer, from: number): number {
  return from === 0 ? 0 : bytes.indexOf(NEWLINE, from) + 1;
}

function beforeNewline(bytes: Buffer, until: number): number {
  return until >= bytes.length ? bytes.length : bytes.lastIndexOf(NEWLINE, until) + 1;
}

/** The whole log as a stream of text, for a download. */
export async function streamLog(
  ctx: ServiceContext,
  scope: Scope<"pipelines.read">,
  attemptId: string,
): Promise<ReadableStream<Uint8Array>> {
  await attemptRow(ctx, scope, attemptId);
  let cursor = "0";
  return new ReadableStream({
    async pull(controller) {
      const page = await readLog(ctx, scope, { attemptId, cursor });
      if (page.text !== "") controller.enqueue(new TextEncoder().encode(page.text));
      cursor = page.cursor;
      if (!page.hasMore) controller.close();
    },
  });
}
