import path from "node:path";
import type { AttemptFolder } from "./attempt-folder";
import type { AttemptSpec } from "./executor";

/** `CS_INPUT_TRAINING_DATA` for the input `training-data`. */
export function variableName(kind: "INPUT" | "OUTPUT" | "PARAM", name: string): string {
  return `CS_${kind}_${name.toUpperCase().replace(/[^A-Z0-9]/g, "_")}`;
}

export const ATTEMPT_MARK = "CS_ATTEMPT_ID";

export type EnvironmentParts = {
  readonly spec: AttemptSpec;
  readonly folder: AttemptFolder;
  readonly searchPath: string;
  readonly pythonEnvironment: string | null;
};

/**
 * Everything that a step sees of the outside: where programs lie, a home and a temporary folder of its own,
 * its inputs, outputs and parameters, and what the run gives it. Nothing of the server's environment.
 */
export function stepEnvironment({
  spec,
  folder,
  searchPath,
  pythonEnvironment,
}: EnvironmentParts): Record<string, string> {
  const named = (kind: "INPUT" | "OUTPUT" | "PARAM", values: Readonly<Record<string, string | number | boolean>>) =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [variableName(kind, name), String(value)]));
  return {
    PATH: pythonEnvironment ? `${path.join(pythonEnvironment, "bin")}${path.delimiter}${searchPath}` : searchPath,
    LANG: process.platform === "darwin" ? "en_US.UTF-8" : "C.UTF-8",
    HOME: folder.home,
    TMPDIR: folder.temporary,
    // Else Python keeps its output back and the log is not live.
    PYTHONUNBUFFERED: "1",
    ...(pythonEnvironment && { VIRTUAL_ENV: pythonEnvironment }),
    ...named("PARAM", spec.parameters),
    ...named("INPUT", folder.inputPaths),
    ...named("OUTPUT", folder.outputPaths),
    CS_RUN_ID: spec.runId,
    CS_STEP: spec.stepKey,
    ...spec.environment,
    [ATTEMPT_MARK]: spec.attemptId,
  };
}
