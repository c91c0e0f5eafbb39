import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";

const REQUIREMENTS = ["examples", "seattle-rain", "requirements.txt"];

/**
 * Fetches the Python packages of the demonstration into the package manager's own cache while npm installs,
 * so that the environment is built from there later. A failure is silent: building will say what is wrong.
 */
export async function warmPythonCache(root, python) {
  const requirements = path.join(root, ...REQUIREMENTS);
  if (!existsSync(requirements)) return;
  const folder = mkdtempSync(path.join(os.tmpdir(), "countersign-warm-"));
  try {
    const hasUv = spawnSync("uv", ["--version"], { stdio: "ignore" }).status === 0;
    if (hasUv)
      await quietly("uv", [
        "pip",
        "install",
        "--quiet",
        "--python",
        python,
        "--target",
        folder,
        "--requirement",
        requirements,
      ]);
    else await quietly(python, ["-m", "pip", "download", "--quiet", "--dest", folder, "--requirement", requirements]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function quietly(command, args) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: "ignore" });
    child.once("error", () => resolve(false));
    child.once("exit", (code) => resolve(code === 0));
  });
}
