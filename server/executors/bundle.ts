import { createReadStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { extract, Parser, type ReadEntry } from "tar";
import { AppError } from "@/domain/errors";
import type { Account } from "./process-table";

export type BundleLimits = { readonly files: number; readonly bytes: number };
export const BUNDLE_LIMITS: BundleLimits = { files: 5_000, bytes: 500 * 1024 * 1024 };

export type BundleEntry = { readonly path: string; readonly bytes: number };

const LONGEST_PATH = 400;

/** Why an archive may not hold this entry, as the end of a sentence; null when it may. */
function objectionTo(entry: ReadEntry): string | null {
  const { path: name, type } = entry;
  if (type === "SymbolicLink" || type === "Link") return "is a link";
  if (type !== "File" && type !== "OldFile" && type !== "Directory") return "is neither a file nor a folder";
  if (name.length > LONGEST_PATH || /[\0\\]/.test(name)) return "has a name that is not allowed";
  if (path.posix.isAbsolute(name) || /^[A-Za-z]:/.test(name)) return "has an absolute path";
  if (name.split("/").includes("..")) return "leads out of the folder";
  return null;
}

/**
 * Reads a gzipped tar to its end and answers its files. Throws `invalid_input` for links, devices, absolute
 * paths, paths with `..`, a file that is named twice, anything that is no such archive, and more than the limits.
 */
export async function inspectBundle(
  file: string,
  limits: BundleLimits = BUNDLE_LIMITS,
): Promise<readonly BundleEntry[]> {
  const entries: BundleEntry[] = [];
  const names = new Set<string>();
  let bytes = 0;
  const parser = new Parser({ strict: true });
  const look = (entry: ReadEntry) => {
    const objection = objectionTo(entry) ?? (names.has(path.posix.normalize(entry.path)) ? "is there twice" : null);
    if (objection) parser.abort(refusal(`"${entry.path.slice(0, LONGEST_PATH)}" ${objection}`));
    names.add(path.posix.normalize(entry.path));
    bytes += entry.size;
    if (entry.type !== "Directory") entries.push({ path: path.posix.normalize(entry.path), bytes: entry.size });
    if (names.size > limits.files) parser.abort(refusal(`it holds more than ${limits.files} files`));
    if (bytes > limits.bytes) parser.abort(refusal(`it unpacks to more than ${limits.bytes} bytes`));
    entry.resume();
  };
  parser.on("entry", look).on("ignoredEntry", look);
  try {
    await pipeline(createReadStream(file), parser);
  } catch (error) {
    if (error instanceof Error && error.cause instanceof AppError) throw error.cause;
    throw error instanceof AppError ? error : refusal("it is not a readable gzipped tar archive");
  }
  return entries;
}

function refusal(what: string): AppError {
  return new AppError("invalid_input", "bundle", `The source bundle is refused: ${what}.`);
}

/** Unpacks an inspected bundle into a new folder. As root its files belong to `owner`. */
export async function unpackBundle(file: string, folder: string, owner: Account | null): Promise<void> {
  await inspectBundle(file);
  await mkdir(folder, { recursive: true });
  await extract({ file, cwd: folder, strict: true, noMtime: true, ...(owner ?? { preserveOwner: false }) });
}
