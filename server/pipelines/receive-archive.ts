import { createWriteStream } from "node:fs";
import path from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { limited } from "../blobs/byte-limit";
import type { ServiceContext } from "../context";
import { withScratch } from "../data/scratch";

/** Receives an upload into a file for the time of `work`. Past the limit nothing more is read; no file stays in any case. */
export function withArchive<T>(
  ctx: ServiceContext,
  source: Readable,
  work: (archive: string) => Promise<T>,
): Promise<T> {
  return withScratch(ctx, async (folder) => {
    const archive = path.join(folder, "bundle.tar.gz");
    await pipeline(
      limited(source, ctx.config.uploadLimitBytes),
      createWriteStream(archive, { flags: "wx", mode: 0o600 }),
    );
    return work(archive);
  });
}
