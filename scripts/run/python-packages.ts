import { existsSync } from "node:fs";
import path from "node:path";
import { cacheFolder } from "../system/platform-folders";
import { runCommand } from "../system/run-command";
import type { Report } from "./report";

const REQUIREMENTS = path.join("examples", "seattle-rain", "requirements.txt");

/**
 * Builds the Python environment of the demonstration's training step in a process of its own, while pages are
 * built. A step that needs it meanwhile waits for it; if it cannot be built, that step says why.
 */
export async function prebuildPython(root: string, dataDir: string, report: Report): Promise<void> {
  if (!existsSync(path.join(root, REQUIREMENTS))) return;
  const started = performance.now();
  const ran = await runCommand(process.execPath, ["--import", "tsx", "server/executors/prebuild.ts", REQUIREMENTS], {
    cwd: root,
    env: { ...process.env, COUNTERSIGN_DATA_DIR: dataDir, COUNTERSIGN_CACHE_DIR: cacheFolder() },
  });
  if (ran.code === null) return;
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  if (ran.code === 0) report.line(`  ✓ Python environment of the training step (${seconds} s)`);
  else report.line(`  The Python environment is not ready yet: ${ran.output.trim().split("\n").at(-1)}`);
}
