import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";

const NOT_BUILT = /\.(test|spec)\.tsx?$|\.int\.test\.ts$|\.wf\.test\.ts$|\.md$|\.tsbuildinfo$/;

/** SHA-256 over the names and contents of everything a build reads, so that an unchanged tree is not built again. */
export function hashSources(root: string, entries: readonly string[]): string {
  const hash = createHash("sha256").update(process.versions.node);
  for (const entry of entries) {
    for (const file of filesBelow(root, entry)) hash.update(`\0${file}\0`).update(readFileSync(path.join(root, file)));
  }
  return hash.digest("hex");
}

function filesBelow(root: string, entry: string): string[] {
  const stat = statSync(path.join(root, entry), { throwIfNoEntry: false });
  if (!stat) return [];
  if (stat.isFile()) return NOT_BUILT.test(entry) ? [] : [entry];
  return readdirSync(path.join(root, entry))
    .sort()
    .flatMap((name) => filesBelow(root, path.posix.join(entry, name)));
}
