import { sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import type { ServiceContext } from "../context";
import { LOGS_CHANNEL } from "../notifications/event-hub";

export const LARGEST_LOG_BYTES = 10 * 1024 * 1024;
const LARGEST_CHUNK_BYTES = 64 * 1024;
const FLUSH_EVERY_MS = 400;

export type LogTotals = { readonly bytes: number; readonly isCut: boolean };

/**
 * Collects the lines of one attempt, each with its time, and writes them as chunks of at most 64 KB, twice a
 * second and more. After 10 MB it says so and keeps nothing more. The last lines are written by `finish`, in
 * the transaction that ends the attempt.
 */
export class AttemptLog {
  private buffer: string[] = [];
  private bufferBytes = 0;
  private bytes = 0;
  private isCut = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private writing: Promise<void>;

  /** `begun` settles when the attempt's row is written; nothing of its log is before that. */
  constructor(
    private readonly ctx: Pick<ServiceContext, "db" | "log" | "clock">,
    private readonly attempt: { readonly id: string; readonly projectId: string },
    begun: Promise<void>,
  ) {
    this.writing = begun.catch(() => undefined);
  }

  /** Adds whole lines. Never throws: a log that cannot be written does not end a step. */
  push(text: string): void {
    for (const line of text.replace(/\n$/, "").split("\n")) this.add(line);
    if (this.bufferBytes >= LARGEST_CHUNK_BYTES) this.flush();
    else if (this.bufferBytes > 0) this.timer ??= setTimeout(() => this.flush(), FLUSH_EVERY_MS);
  }

  private add(line: string): void {
    if (this.isCut) return;
    const text = `${this.ctx.clock().toISOString()} ${line.replaceAll("\0", "\uFFFD")}\n`;
    const size = Buffer.byteLength(text);
    if (this.bytes + size > LARGEST_LOG_BYTES) {
      this.isCut = true;
      this.keep(
        `${this.ctx.clock().toISOString()} The log is cut here: it reached ${LARGEST_LOG_BYTES / 1024 / 1024} MB.\n`,
      );
      return;
    }
    this.keep(text);
  }

  private keep(text: string): void {
    const size = Buffer.byteLength(text);
    this.bytes += size;
    this.bufferBytes += size;
    this.buffer.push(text);
  }

  private flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.writing = this.writing.then(() => this.writeBuffer());
  }

  /** What could not be written is kept for the next turn; it counts towards the limit already. */
  private async writeBuffer(): Promise<void> {
    const lines = this.buffer;
    this.buffer = [];
    this.bufferBytes = 0;
    try {
      await this.write(this.ctx.db, chunksOf(lines));
    } catch (error) {
      this.buffer = [...lines, ...this.buffer];
      this.bufferBytes += Buffer.byteLength(lines.join(""));
      this.ctx.log.warn({ err: error, attemptId: this.attempt.id }, "a part of a step's log waits to be written");
    }
  }

  /** Only while the attempt is open: what comes after its end is another's word. */
  private async write(db: Executor, chunks: readonly string[]): Promise<void> {
    if (chunks.length === 0) return;
    const { id, projectId } = this.attempt;
    await db.execute(sql`
      with added as (
        insert into step_log_chunks (attempt_id, at, text)
        select ${id}::uuid, now(), chunk from unnest(${sql.param(chunks)}::text[]) with ordinality as line (chunk, position)
        where exists (select from step_attempts where id = ${id}::uuid and state in ('starting', 'running'))
        order by position
      )
      select pg_notify(${LOGS_CHANNEL}, ${JSON.stringify({ projectId, attemptId: id })})`);
  }

  /** Writes what is left, before the attempt's row is closed in the same transaction. */
  async finish(db: Executor): Promise<LogTotals> {
    clearTimeout(this.timer);
    await this.writing;
    // Kept: where the transaction is tried again, these lines are written again, and only with it.
    await this.write(db, chunksOf(this.buffer));
    return { bytes: this.bytes, isCut: this.isCut };
  }
}

function chunksOf(lines: readonly string[]): readonly string[] {
  const chunks: string[] = [];
  let chunk = "";
  for (const line of lines) {
    if (chunk !== "" && Buffer.byteLength(chunk) + Buffer.byteLength(line) > LARGEST_CHUNK_BYTES) {
      chunks.push(chunk);
      chunk = "";
    }
    chunk += line;
  }
  return chunk === "" ? chunks : [...chunks, chunk];
}
