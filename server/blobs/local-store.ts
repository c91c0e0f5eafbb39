import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { access, mkdir, open, readFile, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import type { Readable } from "node:stream";
import { AppError } from "@/domain/errors";
import { limited } from "./byte-limit";
import { removeStale } from "./stale-files";
import type { BlobStore, StoredBlob } from "./store";

const KEY = /^[0-9a-f]{64}$/;

/** Blobs in a folder: `<root>/ab/cd…`, written beside and renamed. What a killed process left beside goes after an hour. */
export function localBlobStore(root: string): BlobStore {
  const incoming = path.join(root, "incoming");
  const pathOf = (sha256: string) => {
    if (!KEY.test(sha256)) throw new AppError("not_found", "blob", "There is no such blob.");
    return path.join(root, sha256.slice(0, 2), sha256.slice(2));
  };

  async function put(source: Readable | Uint8Array, limitBytes = Number.POSITIVE_INFINITY): Promise<StoredBlob> {
    await mkdir(incoming, { recursive: true });
    await removeStale(incoming);
    const temporary = path.join(incoming, randomUUID());
    const hash = createHash("sha256");
    let bytes = 0;
    const file = await open(temporary, "wx", 0o600);
    try {
      for await (const buffer of limited(source instanceof Uint8Array ? [source] : source, limitBytes)) {
        bytes += buffer.byteLength;
        hash.update(buffer);
        await file.writeFile(buffer);
      }
      await file.sync();
      await file.close();
      const sha256 = hash.digest("hex");
      const target = pathOf(sha256);
      await mkdir(path.dirname(target), { recursive: true });
      await rename(temporary, target);
      return { sha256, bytes };
    } catch (error) {
      await file.close().catch(() => undefined);
      await rm(temporary, { force: true });
      throw error;
    }
  }

  async function localPath(sha256: string): Promise<string> {
    const target = pathOf(sha256);
    await access(target).catch(() => {
      throw new AppError("not_found", "blob", "There is no such blob.");
    });
    return target;
  }

  return {
    put,
    putFile: async (file) => put(createReadStream(file)),
    has: async (sha256) =>
      stat(pathOf(sha256)).then(
        () => true,
        () => false,
      ),
    read: async (sha256) => readFile(await localPath(sha256)),
    stream: async (sha256) => createReadStream(await localPath(sha256)),
    localPath,
  };
}
