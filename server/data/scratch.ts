import { mkdir, mkdtemp, readdir, realpath, rm, stat } from "node:fs/promises";
import path from "node:path";
import type { ServiceContext } from "../context";

const STALE_MS = 60 * 60 * 1_000;

/**
 * A folder for the time of `work`, always removed afterwards. Folders that a killed process left behind an
 * hour ago go as well.
 */
export async function withScratch<T>(ctx: ServiceContext, work: (folder: string) => Promise<T>): Promise<T> {
  const root = path.join(ctx.config.dataDir, "scratch");
  await mkdir(root, { recursive: true, mode: 0o700 });
  await removeStale(root);
  const folder = await realpath(await mkdtemp(path.join(root, "work-")));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function removeStale(root: string): Promise<void> {
  for (const name of await readdir(root)) {
    const folder = path.join(root, name);
    const age = await stat(folder).then(
      (found) => Date.now() - found.mtimeMs,
      () => 0,
    );
    if (age > STALE_MS) await rm(folder, { recursive: true, force: true });
  }
}
