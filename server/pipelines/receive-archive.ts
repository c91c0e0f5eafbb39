import { createWriteStream } from "node:fs";
import path from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { AppError } from "@/domain/errors";
import type { ServiceContext } from "../context";
import { withScratch } from "../data/scratch";

/** Receives an upload into a file for the time of `work`. Past the limit nothing more is read; no file stays in any case. */
export function withArchive<T>(
  ctx: ServiceContext,
  source: Readable,
  work: (archive: string) => Promise<T>,
): Promise<T> {
  const limitBytes = ctx.config.uploadLimitBytes;
  async function* limited(chunks: AsyncIterable<Uint8Array>) {
    let bytes = 0;
    for await (const chunk of chunks) {
      bytes += chunk.byteLength;
      if (bytes > limitBytes)
        throw new AppError("too_large", "upload_limit", `The upload is over the limit of ${limitBytes} bytes.`);
      yield chunk;
    }
  }
  return withScratch(ctx, async (folder) => {
    const archive = path.join(folder, "bundle.tar.gz");
    await pipeline(source, limited, createWriteStream(archive, { flags: "wx", mode: 0o600 }));
    return work(archive);
  });
}
