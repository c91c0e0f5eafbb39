import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { CsvError, CsvScanner } from "@/domain/data/csv-scanner";
import { AppError } from "@/domain/errors";
import { limited } from "../blobs/byte-limit";

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
  async function* judged(): AsyncGenerator<Uint8Array> {
    for await (const buffer of limited(source, options.limitBytes)) {
      bytes += buffer.byteLength;
      hash.update(buffer);
      scanner.push(buffer);
      yield buffer;
    }
  }
  try {
    await pipeline(judged, createWriteStream(target, { flags: "wx", mode: 0o600 }));
    return { sha256: hash.digest("hex"), bytes, ...scanner.end() };
  } catch (error) {
    if (error instanceof CsvError)
      throw new AppError("invalid_input", error.reason, error.message, { line: error.line });
    throw error;
  }
}
