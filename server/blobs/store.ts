import type { Readable } from "node:stream";

export type StoredBlob = { readonly sha256: string; readonly bytes: number };

/**
 * Content-addressed bytes. A blob is written, synced to disk and renamed before `put` answers, so a
 * row that names it may be committed afterwards. Keys are lower-case hexadecimal SHA-256.
 */
export type BlobStore = {
  /** Reads at most `limitBytes`, then throws `too_large`; nothing stays behind after a failure. */
  put(source: Readable | Uint8Array, limitBytes?: number): Promise<StoredBlob>;
  putFile(path: string): Promise<StoredBlob>;
  has(sha256: string): Promise<boolean>;
  read(sha256: string): Promise<Uint8Array>;
  stream(sha256: string): Promise<Readable>;
  /** A path on this machine that holds the bytes; read-only to the caller. */
  localPath(sha256: string): Promise<string>;
};
