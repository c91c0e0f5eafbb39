import { mkdir, mkdtemp, realpath, rm } from "node:fs/promises";
import path from "node:path";
import { removeStale } from "../blobs/stale-files";
import type { ServiceContext } from "../context";

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
