import { createHash } from "node:crypto";
import os from "node:os";
import path from "node:path";

export const IS_ROOT = process.getuid?.() === 0;

/** Where downloads are kept for all clones of this account: the XDG cache folder; as root one that other accounts can enter. */
export function cacheFolder(): string {
  const named = process.env.COUNTERSIGN_CACHE_DIR;
  if (named) return path.resolve(named);
  if (IS_ROOT) return "/var/cache/countersign";
  const base = process.env.XDG_CACHE_HOME || path.join(os.homedir(), ".cache");
  return path.join(base, "countersign");
}

/** As root, what other accounts must reach (Postgres runs as one) lies here and not below somebody's home. */
export function sharedStateFolder(dataDir: string): string {
  const key = createHash("sha256").update(dataDir).digest("hex").slice(0, 16);
  return path.join("/var/lib/countersign", key);
}
