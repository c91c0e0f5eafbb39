import { execFile } from "node:child_process";
import { constants } from "node:fs";
import { access, cp, readFile, realpath, rename, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { AppError } from "@/domain/errors";
import { sha256 } from "../blobs/digest";
import type { PythonConfig } from "../config/config";
import { newId } from "../ids";
import { childEnvironment } from "./child-environment";
import type { Account } from "./process-table";
import { openFolder, stepAccount, stepCacheRoot } from "./step-account";

export type Python = {
  /** The interpreter itself, no shim of a version manager. */
  readonly executable: string;
  readonly version: string;
  readonly prefix: string;
  readonly hasVenv: boolean;
};

const OLDEST = [3, 11] as const;
const NAMES = ["python3", "python3.14", "python3.13", "python3.12", "python3.11", "python"];
const USUAL = ["/usr/bin/python3", "/usr/local/bin/python3", "/opt/homebrew/bin/python3"];
const PROBE = `
import json, sys, importlib.util as u
print(json.dumps({
  "executable": getattr(sys, "_base_executable", None) or sys.executable,
  "version": "%d.%d.%d" % sys.version_info[:3],
  "prefix": sys.base_prefix,
  "hasVenv": all(u.find_spec(name) is not None for name in ("venv", "ensurepip", "ssl")),
}))`;

const probeAnswer = z.object({
  executable: z.string().min(1),
  version: z.string(),
  prefix: z.string(),
  hasVenv: z.boolean(),
});
const run = promisify(execFile);
const found = new Map<string, Promise<Python>>();

/**
 * The interpreter of Python steps: 3.11 or later, with venv, and one that the steps' account can run. As root
 * an interpreter under a closed home is copied once to where everybody can reach it. Throws
 * `precondition_failed` with one sentence that says what to install.
 */
export function pythonForSteps(config: PythonConfig): Promise<Python> {
  const key = JSON.stringify([config.python, config.tools.PATH, config.cacheDir]);
  const search = found.get(key) ?? findPython(config);
  found.set(key, search);
  search.catch(() => found.delete(key));
  return search;
}

async function findPython(config: PythonConfig): Promise<Python> {
  const account = await stepAccount();
  let newest: Python | null = null;
  const able: Python[] = [];
  for (const command of candidates(config)) {
    const python = await probe(command, config.tools);
    if (
      python &&
      isRecent(python.version) &&
      python.hasVenv &&
      !able.some((other) => other.executable === python.executable)
    ) {
      if (!account || (await probeAs(account, python.executable))) return python;
      able.push(python);
    }
    newest ??= python;
  }
  for (const python of able) {
    const copy = account && (await copyForAll(python, account, config));
    if (copy) return copy;
  }
  throw new AppError("precondition_failed", "python_needed", problemSentence(newest, able.length > 0));
}

function candidates({ python, tools }: PythonConfig): string[] {
  const folders = (tools.PATH ?? "").split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  const onPath = NAMES.flatMap((name) => folders.map((folder) => path.join(folder, name)));
  return [...new Set([...(python ? [python] : []), ...onPath, ...USUAL])];
}

function isRecent(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
}

async function probe(command: string, tools: Readonly<Record<string, string>>): Promise<Python | null> {
  const isThere =
    !path.isAbsolute(command) ||
    (await access(command, constants.X_OK).then(
      () => true,
      () => false,
    ));
  if (!isThere) return null;
  // A version manager's shim finds its interpreters by the home folder.
  return ask(command, { env: childEnvironment({ ...tools, HOME: os.homedir() }) });
}

/** Runs the interpreter as the steps will run it: the one proof that they can. */
function probeAs(account: Account, executable: string): Promise<Python | null> {
  return ask(executable, {
    ...account,
    cwd: "/",
    env: childEnvironment({ PATH: "/usr/bin:/bin", HOME: "/nonexistent" }),
  });
}

async function ask(command: string, options: Parameters<typeof run>[2]): Promise<Python | null> {
  try {
    const { stdout } = await run(command, ["-I", "-c", PROBE], { timeout: 20_000, ...options });
    return probeAnswer.parse(JSON.parse(String(stdout)));
  } catch {
    return null;
  }
}

/** Copies interpreter and standard library, without tests and installed packages, and tries the copy. */
export async function copyForAll(python: Python, account: Account, config: PythonConfig): Promise<Python | null> {
  const prefix = await realpath(python.prefix);
  const root = await openFolder(path.join(await stepCacheRoot(config.cacheDir), "interpreters"));
  const target = path.join(root, `python-${python.version}-${sha256(prefix).slice(0, 12)}`);
  const executable = path.join(target, "bin", path.basename(await realpath(python.executable)));
  // A copy that finds the system's library of another release would mix the two.
  const tried = () =>
    probeAs(account, executable).then((copy) =>
      copy?.version === python.version && copy.prefix === target ? copy : null,
    );
  const known = await tried();
  if (known) return known;
  const beside = `${target}.${newId()}`;
  await openFolder(beside);
  try {
    for (const part of ["bin", "lib"])
      await cp(path.join(prefix, part), path.join(beside, part), {
        recursive: true,
        filter: (source) => isNeeded(path.relative(prefix, source), python.version),
        verbatimSymlinks: true,
      });
    await pointAtOwnLibrary(path.join(beside, "bin", path.basename(executable)), path.join(prefix, "lib"));
    if (await tried()) throw new Error("Another process was quicker.");
    await rm(target, { recursive: true, force: true });
    await rename(beside, target);
  } catch {
    await rm(beside, { recursive: true, force: true });
  }
  return tried();
}

/**
 * An interpreter with a shared library names its folder by absolute path (ELF RUNPATH). In the copy that
 * string is overwritten by one relative to the interpreter; a static build has none and stays as it is.
 */
async function pointAtOwnLibrary(executable: string, library: string): Promise<void> {
  const relative = "$ORIGIN/../lib";
  const bytes = await readFile(executable);
  const at = bytes.indexOf(`\0${library}\0`);
  if (at < 0 || library.length < relative.length) return;
  bytes.fill(0, at + 1, at + 1 + library.length).write(relative, at + 1);
  await writeFile(executable, bytes);
}

/** Of `bin` the interpreter, of `lib` the standard library and shared objects of the interpreter itself. */
function isNeeded(relative: string, version: string): boolean {
  const [folder, ...rest] = relative.split(path.sep);
  const [first = ""] = rest;
  const name = `python${version.split(".").slice(0, 2).join(".")}`;
  if (rest.length === 0) return true;
  if (folder === "bin") return first === name || first === "python3" || first === "python";
  if (first !== name) return rest.length === 1 && /^lib.*\.(so|dylib)/.test(first);
  const [, second = "", third = ""] = rest;
  if (second === "site-packages") return rest.length === 2;
  return (
    !["test", "tests", "idlelib", "turtledemo", "tkinter", "__pycache__"].includes(second) &&
    !["test", "tests"].includes(third) &&
    !second.startsWith("config-")
  );
}

/** One sentence: what was found, why it does not do, and what to install. */
export function problemSentence(newest: Python | null, isUnreachable: boolean): string {
  const how =
    'install Python 3.11 or later with venv and pip (on Debian and Ubuntu "apt-get install python3 python3-venv python3-pip") or name one in COUNTERSIGN_PYTHON.';
  if (isUnreachable) return `Python ${newest?.version} cannot be run by the account that steps run as; ${how}`;
  if (!newest) return `A step needs Python and none was found; ${how}`;
  if (!isRecent(newest.version))
    return `A step needs Python 3.11 or later and the one found is ${newest.version}; ${how}`;
  return `Python ${newest.version} (${newest.executable}) lacks venv or ensurepip; ${how}`;
}
