import { readdir, rm, stat } from "node:fs/promises";
import path from "node:path";

const STALE_MS = 60 * 60 * 1_000;

/** Removes what a killed process left in a folder of unfinished work: whatever nobody has written to for an hour. */
export async function removeStale(root: string): Promise<void> {
  for (const name of await readdir(root)) {
    const left = path.join(root, name);
    const age = await stat(left).then(
      (found) => Date.now() - found.mtimeMs,
      () => 0,
    );
    if (age > STALE_MS) await rm(left, { recursive: true, force: true });
  }
}
