import { createHash } from "node:crypto";
import path from "node:path";
import { list, type ReadEntry } from "tar";
import { AppError } from "@/domain/errors";
import { inspectBundle } from "../executors/bundle";

export type BundleFile = { readonly path: string; readonly sha256: string; readonly bytes: number };

const LARGEST_DEFINITION_BYTES = 1024 * 1024;

/**
 * Lists the files of an archive with their digests and reads the definition in it. The archive is inspected
 * first: links, absolute paths, `..` and too much of anything are refused (`invalid_input`).
 */
export async function readBundle(archive: string, definitionPath: string) {
  await inspectBundle(archive);
  const wanted = path.posix.normalize(definitionPath);
  const files: BundleFile[] = [];
  let definition: string | null = null;
  await list({
    file: archive,
    strict: true,
    onReadEntry: (entry) => {
      if (entry.type === "Directory") return;
      const name = path.posix.normalize(entry.path);
      const keep = name === wanted && entry.size <= LARGEST_DEFINITION_BYTES;
      collect(entry, keep, (sha256, text) => {
        files.push({ path: name, sha256, bytes: entry.size });
        definition = text ?? definition;
      });
    },
  });
  if (definition === null) {
    throw new AppError(
      "invalid_input",
      "definition_missing",
      `The bundle holds no definition ${wanted} of at most ${LARGEST_DEFINITION_BYTES} bytes.`,
    );
  }
  return { definition: definition as string, files: files.sort((a, b) => (a.path < b.path ? -1 : 1)) };
}

function collect(entry: ReadEntry, keep: boolean, done: (sha256: string, text: string | null) => void): void {
  const hash = createHash("sha256");
  const chunks: Buffer[] = [];
  entry.on("data", (chunk: Buffer) => {
    hash.update(chunk);
    if (keep) chunks.push(chunk);
  });
  entry.on("end", () => done(hash.digest("hex"), keep ? Buffer.concat(chunks).toString("utf8") : null));
}
