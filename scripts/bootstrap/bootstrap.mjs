import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { ensureDependencies, isInstalled } from "./install.mjs";
import { findPython, nodeProblem } from "./prerequisites.mjs";
import { warmPythonCache } from "./warm-python.mjs";

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..", "..");

/**
 * Checks what must be there, installs what is missing, and hands over to a TypeScript entry in this
 * very process, so that one process id is the parent of everything that is started.
 *
 * @param {string} entry path of a module below the project's root that exports `main(args)`
 * @param {{ needsPython: boolean }} needs
 */
export async function bootstrap(entry, { needsPython }) {
  try {
    const oldNode = nodeProblem();
    if (oldNode) throw new Error(oldNode);
    if (needsPython) await prepareWithPython();
    else await ensureDependencies(ROOT, print);
    process.chdir(ROOT);
    const { register } = await import("tsx/esm/api");
    register();
    const { main } = await import(pathToFileURL(path.join(ROOT, entry)).href);
    await main(process.argv.slice(2));
  } catch (error) {
    console.error(error instanceof Error && process.env.COUNTERSIGN_TRACE === undefined ? error.message : error);
    process.exit(1);
  }
}

async function prepareWithPython() {
  const python = findPython();
  if ("problem" in python) throw new Error(python.problem);
  process.env.COUNTERSIGN_PYTHON = python.executable;
  const warming = isInstalled(ROOT) ? Promise.resolve() : warmPythonCache(ROOT, python.executable);
  await Promise.all([ensureDependencies(ROOT, print), warming]);
}

function print(line) {
  console.log(line);
}
