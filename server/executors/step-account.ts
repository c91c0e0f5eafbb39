import { createHash } from "node:crypto";
import { chmod, mkdir, readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Account } from "./process-table";

const NOBODY: Account = { uid: 65_534, gid: 65_534 };
const PRIVATE = 0o700;
/** Others may pass through, not list. */
const PASSABLE = 0o711;
const USUAL_PATH = "/usr/local/bin:/usr/bin:/bin";
const CACHE_FOR_ALL = "/var/cache/countersign";

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** Whom steps run as: `nobody` where this process is root, otherwise null, which means this very account. */
export async function stepAccount(): Promise<Account | null> {
  if (!isRoot()) return null;
  const accounts = await readFile("/etc/passwd", "utf8").catch(() => "");
  const fields = accounts
    .split("\n")
    .find((line) => line.startsWith("nobody:"))
    ?.split(":");
  const uid = Number(fields?.[2]);
  const gid = Number(fields?.[3]);
  return uid > 0 && gid > 0 ? { uid, gid } : NOBODY;
}

/**
 * The folder below which attempts get theirs. For an ordinary account it lies in the data folder. As root
 * it lies outside, since the steps' account cannot enter there; its place is then noted in the data folder.
 */
export async function workRoot(dataDir: string): Promise<string> {
  if (!isRoot()) {
    const inside = path.join(dataDir, "work");
    await mkdir(inside, { recursive: true, mode: PRIVATE });
    return inside;
  }
  await mkdir(dataDir, { recursive: true, mode: PRIVATE });
  await chmod(dataDir, PRIVATE);
  const mark = createHash("sha256").update(path.resolve(dataDir)).digest("hex").slice(0, 12);
  const outside = `/var/lib/countersign/work-${mark}`;
  await mkdir(outside, { recursive: true, mode: PASSABLE });
  await chmod(path.dirname(outside), PASSABLE);
  await chmod(outside, PASSABLE);
  await writeFile(path.join(dataDir, "work-folder.json"), `${JSON.stringify({ workFolder: outside })}\n`, {
    mode: 0o600,
  });
  return outside;
}

/** Where interpreters and environments are kept: `cacheDir`, unless the steps' account could not get there. */
export async function stepCacheRoot(cacheDir: string): Promise<string> {
  const root = !isRoot() || (await isOpenToAll(path.dirname(cacheDir))) ? cacheDir : CACHE_FOR_ALL;
  return openFolder(root);
}

/** Makes a folder that everybody may read, whatever mask this process was started with. */
export async function openFolder(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  await chmod(folder, 0o755);
  return folder;
}

/** A search path without the folders that the steps' account cannot enter, which would hide "not found" behind "permission denied". */
export async function stepSearchPath(searchPath: string): Promise<string> {
  const folders = searchPath.split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  const open = await Promise.all(folders.map((folder) => !isRoot() || isOpenToAll(folder)));
  return folders.filter((_, index) => open[index]).join(path.delimiter) || USUAL_PATH;
}

/** Whether every account may pass through the folder and all above it. */
export async function isOpenToAll(folder: string): Promise<boolean> {
  for (let current = path.resolve(folder); ; current = path.dirname(current)) {
    const isOpen = await stat(current).then(
      ({ mode }) => (mode & 0o001) !== 0,
      (error: NodeJS.ErrnoException) => error.code === "ENOENT",
    );
    if (!isOpen) return false;
    if (current === path.dirname(current)) return true;
  }
}
