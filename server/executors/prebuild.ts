import { readFile } from "node:fs/promises";
import { ownPythonConfig, type PythonConfig } from "../config/config";
import { type BuildWatch, type PythonEnvironment, pythonEnvironment } from "./python-environment";

/**
 * Builds the environment of a requirements.txt before a step needs it, for instance while the pages are
 * built. A step that needs it meanwhile waits for this one build.
 */
export async function prebuildEnvironment(
  config: PythonConfig,
  requirementsFile: string,
  watch: BuildWatch,
): Promise<PythonEnvironment> {
  return pythonEnvironment(config, { file: requirementsFile, text: await readFile(requirementsFile, "utf8") }, watch);
}

/** `tsx server/executors/prebuild.ts <requirements.txt>`; the folders and the interpreter come from the environment. */
async function main(file: string): Promise<void> {
  const stop = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => stop.abort());
  const environment = await prebuildEnvironment(ownPythonConfig(), file, {
    signal: stop.signal,
    onLog: (text) => process.stderr.write(text),
  });
  process.stdout.write(`${environment.folder}\n`);
}

const [, entry, file] = process.argv;
if (file && entry?.endsWith("prebuild.ts")) {
  main(file).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
}
