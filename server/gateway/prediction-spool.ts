import { type FileHandle, mkdir, open, readdir, rename } from "node:fs/promises";
import path from "node:path";
import type { Logger } from "../log/log";

const WRITE_EVERY_MS = 100;
const SYNC_EVERY_MS = 1_000;
const SEGMENT_BYTES = 4 * 1024 * 1024;
const SEGMENT_MS = 1_000;

/**
 * Prediction lines on their way to Postgres: kept in memory for a tenth of a second, then in a file of this
 * process, which is closed and handed to the shipper after a second or four megabytes. What is written survives
 * `kill -9`; a sync each second also survives the machine.
 */
export class PredictionSpool {
  private lines: string[] = [];
  private segment: {
    readonly file: FileHandle;
    readonly path: string;
    readonly openedAt: number;
    bytes: number;
  } | null = null;
  private sequence = 0;
  private syncedAt = 0;
  private readonly startedAt = Date.now();
  private writing: Promise<void> = Promise.resolve();
  private readonly timer: NodeJS.Timeout;

  private constructor(
    private readonly folder: string,
    private readonly log: Logger,
    private readonly onSegment: () => void,
  ) {
    this.timer = setInterval(() => this.flush(), WRITE_EVERY_MS);
  }

  static async open(folder: string, log: Logger, onSegment: () => void): Promise<PredictionSpool> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return new PredictionSpool(folder, log, onSegment);
  }

  append(line: string): void {
    this.lines.push(line);
  }

  /** Writes what waits and closes the present segment. */
  async close(): Promise<void> {
    clearInterval(this.timer);
    this.flush();
    await this.writing;
    await this.rotate();
  }

  private flush(): void {
    const { lines } = this;
    this.lines = [];
    this.writing = this.writing
      .then(() => this.write(lines))
      .catch((error: unknown) => {
        this.log.error({ err: error, lines: lines.length }, "predictions could not be written to the spool");
      });
  }

  private async write(lines: readonly string[]): Promise<void> {
    if (lines.length > 0) {
      this.segment ??= await this.openSegment();
      const text = `${lines.join("\n")}\n`;
      await this.segment.file.appendFile(text);
      this.segment.bytes += text.length;
    }
    if (!this.segment) return;
    if (this.segment.bytes >= SEGMENT_BYTES || Date.now() - this.segment.openedAt >= SEGMENT_MS) await this.rotate();
    else if (Date.now() - this.syncedAt >= SYNC_EVERY_MS) {
      this.syncedAt = Date.now();
      await this.segment.file.datasync();
    }
  }

  private async openSegment() {
    this.sequence += 1;
    const name = `${this.startedAt}-${process.pid}-${String(this.sequence).padStart(8, "0")}.open`;
    const file = path.join(this.folder, name);
    return { file: await open(file, "ax", 0o600), path: file, openedAt: Date.now(), bytes: 0 };
  }

  private async rotate(): Promise<void> {
    const { segment } = this;
    if (!segment) return;
    this.segment = null;
    await segment.file.datasync();
    await segment.file.close();
    await closeSegment(segment.path);
    this.onSegment();
  }
}

/** Names a finished segment as one that may be shipped. */
async function closeSegment(file: string): Promise<void> {
  await rename(file, file.replace(/\.open$/, ".jsonl"));
}

/** Segments that a process which is gone left open become shippable. */
export async function adoptLeftSegments(folder: string): Promise<number> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  let adopted = 0;
  for (const name of await readdir(folder)) {
    const [, startedAt, pid] = /^(\d+)-(\d+)-\d+\.open$/.exec(name) ?? [];
    if (!startedAt || !pid || isWriter(Number(pid), Number(startedAt))) continue;
    await closeSegment(path.join(folder, name));
    adopted += 1;
  }
  return adopted;
}

/** Another living process may write there; our own number from an earlier start is not us. */
function isWriter(pid: number, startedAt: number): boolean {
  if (pid === process.pid) return startedAt >= Math.floor(performance.timeOrigin);
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
