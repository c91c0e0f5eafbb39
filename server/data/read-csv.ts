import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { CsvError, CsvScanner } from "@/domain/data/csv-scanner";
import { AppError } from "@/domain/errors";

export type ScannedCsv = {
  readonly sha256: string;
  readonly bytes: number;
  readonly columns: readonly string[];
  readonly rows: number;
};

/**
 * Writes a stream to `target` while hashing and judging it; stops reading at the first fault and past
 * `limitBytes` (`too_large`). The caller removes `target`.
 */
export async function receiveCsv(
  source: Readable,
  target: string,
  options: { readonly limitBytes: number; readonly delimiter: string; readonly hasHeader: boolean },
): Promise<ScannedCsv> {
  const scanner = new CsvScanner(options.delimiter.charCodeAt(0), options.hasHeader);
  const hash = createHash("sha256");
  let bytes = 0;
  async function* judged(chunks: AsyncIterable<Buffer | string>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      const buffer = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
      bytes += buffer.byteLength;
      if (bytes > options.limitBytes) throw tooLarge(options.limitBytes);
      hash.update(buffer);
      scanner.push(buffer);
      yield buffer;
    }
  }
  try {
    await pipeline(source, judged, createWriteStream(target, { flags: "wx", mode: 0o600 }));
    return { sha256: hash.digest("hex"), bytes, ...scanner.end() };
  } catch (error) {
    if (error instanceof CsvError)
      throw new AppError("invalid_input", error.reason, error.message, { line: error.line });
    throw error;
  }
}

export function tooLarge(limitBytes: number): AppError {
  return new AppError(
    "too_large",
    "upload_limit",
    `The upload is over the limit of ${Math.floor(limitBytes / 1024 / 1024)} MB (${limitBytes} bytes).`,
  );
}
