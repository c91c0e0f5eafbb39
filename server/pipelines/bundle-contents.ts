import { createHash } from "node:crypto";
import path from "node:path";
import { list, type ReadEntry } from "tar";
import { inspectBundle } from "../executors/bundle";

export type BundleFile = { readonly path: string; readonly sha256: string; readonly bytes: number };
export type BundleContents = {
  /** By path. */
  readonly files: readonly BundleFile[];
  /** Texts of the files that a push reads: definitions and lists of packages, of at most 1 MB each. */
  readonly texts: ReadonlyMap<string, string>;
};

const LARGEST_TEXT_BYTES = 1024 * 1024;
const READ = /\.(ya?ml|txt)$/;

/**
 * Lists the files of an archive with their digests. The archive is inspected first: links, absolute paths, `..`
 * and too much of anything are refused (`invalid_input`).
 */
export async function readBundle(archive: string): Promise<BundleContents> {
  await inspectBundle(archive);
  const files: BundleFile[] = [];
  const texts = new Map<string, string>();
  await list({
    file: archive,
    strict: true,
    onReadEntry: (entry) => {
      if (entry.type === "Directory") return;
      const name = path.posix.normalize(entry.path);
      const isRead = READ.test(name) && entry.size <= LARGEST_TEXT_BYTES;
      collect(entry, isRead, (sha256, text) => {
        files.push({ path: name, sha256, bytes: entry.size });
        if (text !== null) texts.set(name, text);
      });
    },
  });
  return { files: files.sort((a, b) => (a.path < b.path ? -1 : 1)), texts };
}

function collect(entry: ReadEntry, isRead: boolean, done: (sha256: string, text: string | null) => void): void {
  const hash = createHash("sha256");
  const chunks: Buffer[] = [];
  entry.on("data", (chunk: Buffer) => {
    hash.update(chunk);
    if (isRead) chunks.push(chunk);
  });
  entry.on("end", () => done(hash.digest("hex"), isRead ? Buffer.concat(chunks).toString("utf8") : null));
}
