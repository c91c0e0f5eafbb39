import { randomUUID } from "node:crypto";
import { access, link, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { AppError } from "@/domain/errors";
import { parseRequirements } from "@/domain/pipelines/requirements";
import { sha256 } from "../blobs/digest";
import type { PythonConfig } from "../config/config";
import { type HeldLock, takeLock } from "./build-lock";
import { createLogLines } from "./log-lines";
import { type Python, pythonForSteps } from "./python-interpreter";
import { openFolder, stepCacheRoot } from "./step-account";
import { runTool } from "./tool-process";

export type PythonEnvironment = {
  /** The folder with `bin/python`. */
  readonly folder: string;
  /** SHA-256 over requirements, interpreter and platform. */
  readonly digest: string;
};

export type BuildWatch = { readonly signal: AbortSignal; readonly onLog: (text: string) => void };

const BUILD_LIMIT_MS = 15 * 60_000;
const POLL_MS = 150;
/** Not of this builder's business, though other tools of the server get them. */
const HIDDEN = /^PYENV_/i;

/**
 * The environment of a requirements.txt, built on first use and kept by digest. Several that want the same one
 * wait for one build, also between processes; a build that was killed counts for nothing. Throws
 * `invalid_input` with `details.problems` (line, reason) for a file that is not taken, and
 * `precondition_failed` where it cannot be built.
 */
export async function pythonEnvironment(
  config: PythonConfig,
  requirements: { readonly file: string; readonly text: string },
  watch: BuildWatch,
): Promise<PythonEnvironment> {
  const { problems } = parseRequirements(requirements.text);
  const [first] = problems;
  if (first) {
    const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : "";
    throw new AppError("invalid_input", "requirements", `${requirements.file}:${first.line}: ${first.reason}${more}`, {
      file: requirements.file,
      problems,
    });
  }
  const python = await pythonForSteps(config);
  const digest = sha256(
    JSON.stringify([requirements.text, python.version, python.executable, process.platform, process.arch]),
  );
  const all = await openFolder(path.join(await stepCacheRoot(config.cacheDir), "environments"));
  const home = await openFolder(path.join(all, digest));
  for (let hasWaited = false; ; hasWaited = true) {
    const folder = await published(home);
    if (folder) return { folder, digest };
    watch.signal.throwIfAborted();
    const lock = await takeLock(path.join(home, "lock"));
    if (lock) await buildUnder(lock, { config, python, home, text: requirements.text, watch });
    else {
      if (!hasWaited) watch.onLog("Waiting for another step that builds the same Python environment.\n");
      await wait(POLL_MS, undefined, { signal: watch.signal });
    }
  }
}

/** The folder that `current` names, when it is whole and its interpreter is still there. */
async function published(home: string): Promise<string | null> {
  const name = await readFile(path.join(home, "current"), "utf8").catch(() => null);
  if (name === null) return null;
  const folder = path.join(home, name);
  return access(path.join(folder, "bin", "python")).then(
    () => folder,
    () => null,
  );
}

type Build = {
  readonly config: PythonConfig;
  readonly python: Python;
  readonly home: string;
  readonly text: string;
  readonly watch: BuildWatch;
};

async function buildUnder(lock: HeldLock, build: Build): Promise<void> {
  try {
    if (await published(build.home)) return;
    await sweep(build.home);
    const name = `build-${randomUUID().slice(0, 8)}`;
    await construct(lock, build, name);
    await publish(build.home, name);
  } finally {
    await lock.release();
  }
}

/** Removes what killed builds left, and a `current` whose interpreter went away. */
async function sweep(home: string): Promise<void> {
  const names = await readdir(home);
  const litter = names.filter((name) => name.startsWith("build-") || name === "current");
  await Promise.all(litter.map((name) => rm(path.join(home, name), { recursive: true, force: true })));
}

/** A link is made whole or not at all, and only by the first: a virtual environment cannot be moved, its name can be. */
async function publish(home: string, name: string): Promise<void> {
  const beside = path.join(home, `${name}.name`);
  await writeFile(beside, name, { mode: 0o644 });
  await link(beside, path.join(home, "current")).catch(() =>
    rm(path.join(home, name), { recursive: true, force: true }),
  );
  await rm(beside, { force: true });
}

/** Leaves a whole environment in the folder, or throws and leaves none. */
async function construct(lock: HeldLock, build: Build, name: string): Promise<void> {
  const folder = path.join(build.home, name);
  const log = createLogLines([], build.watch.onLog);
  const uv = await findProgram("uv", build.config.tools.PATH);
  const ways = [...(uv ? [uvWay(uv, build.python, folder)] : []), pipWay(build.python, folder)];
  const started = performance.now();
  let failure = "";
  build.watch.onLog(
    `Building the Python environment for ${parseRequirements(build.text).pins.length} packages with Python ${build.python.version}.\n`,
  );
  for (const way of ways) {
    await openFolder(folder);
    await writeFile(path.join(folder, "requirements.txt"), build.text);
    const failed = await follow(way, { lock, build, folder, log }).catch(async (error: unknown) => {
      await rm(folder, { recursive: true, force: true });
      throw error;
    });
    if (failed === null && !build.watch.signal.aborted) {
      build.watch.onLog(`The environment is ready after ${((performance.now() - started) / 1000).toFixed(1)} s.\n`);
      return;
    }
    await rm(folder, { recursive: true, force: true });
    build.watch.signal.throwIfAborted();
    failure = `${failed}: ${log.lastLine()}`;
  }
  throw new AppError(
    "precondition_failed",
    "environment_failed",
    `The Python environment could not be built. ${failure}`.slice(0, 500),
  );
}

type Stage = { readonly name: string; readonly command: readonly [string, ...string[]] };

function uvWay(uv: string, python: Python, folder: string): readonly Stage[] {
  const venv = path.join(folder, "bin", "python");
  return [
    {
      name: "uv venv",
      command: [
        uv,
        "venv",
        "--quiet",
        "--allow-existing",
        "--no-python-downloads",
        "--python",
        python.executable,
        folder,
      ],
    },
    {
      name: "uv pip install",
      command: [
        uv,
        "pip",
        "install",
        "--no-python-downloads",
        "--only-binary",
        ":all:",
        "--compile-bytecode",
        "--python",
        venv,
        "--requirements",
        path.join(folder, "requirements.txt"),
      ],
    },
  ];
}

/** Bytecode is made for all files at once, on all cores: steps cannot write it later where root built. */
function pipWay(python: Python, folder: string): readonly Stage[] {
  const venv = path.join(folder, "bin", "python");
  return [
    { name: "python -m venv", command: [python.executable, "-I", "-m", "venv", folder] },
    {
      name: "pip install",
      command: [
        venv,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-input",
        "--no-compile",
        "--only-binary",
        ":all:",
        "--progress-bar",
        "off",
        "--requirement",
        path.join(folder, "requirements.txt"),
      ],
    },
    {
      name: "compileall",
      command: [venv, "-I", "-m", "compileall", "-qq", "-j", "0", "-x", "/tests?/", path.join(folder, "lib")],
    },
  ];
}

type Following = {
  readonly lock: HeldLock;
  readonly build: Build;
  readonly folder: string;
  readonly log: ReturnType<typeof createLogLines>;
};

/** The name of the stage that failed, or null. A file that does not compile is some package's template, not a failure. */
async function follow(way: readonly Stage[], { lock, build, folder, log }: Following): Promise<string | null> {
  const home = path.join(folder, "home");
  await mkdir(home, { mode: 0o700 });
  try {
    for (const stage of way) {
      const code = await runTool({
        command: stage.command,
        environment: await builderEnvironment(build.config, home),
        marker: ["COUNTERSIGN_BUILD", path.basename(folder)],
        folder,
        timeoutMs: BUILD_LIMIT_MS,
        signal: build.watch.signal,
        onStarted: ({ group, start, marker }) => lock.note({ group, start, marker }),
        onOutput: log.write,
      });
      if (code !== 0 && stage.name !== "compileall") return stage.name;
    }
    return null;
  } finally {
    log.end();
    await rm(home, { recursive: true, force: true });
  }
}

/**
 * PATH, how packages are found, a home of its own. The package managers' caches and settings of the account
 * that started the server are named to them, since they are no longer in their home.
 */
async function builderEnvironment(config: PythonConfig, home: string): Promise<Record<string, string>> {
  const passed = Object.fromEntries(Object.entries(config.tools).filter(([name]) => !HIDDEN.test(name)));
  const cache =
    process.platform === "darwin" ? path.join(os.homedir(), "Library/Caches") : path.join(os.homedir(), ".cache");
  const settings = path.join(os.homedir(), ".config");
  return {
    PIP_CACHE_DIR: path.join(cache, "pip"),
    UV_CACHE_DIR: path.join(os.homedir(), ".cache", "uv"),
    ...(await existing("PIP_CONFIG_FILE", path.join(settings, "pip/pip.conf"))),
    ...(await existing("UV_CONFIG_FILE", path.join(settings, "uv/uv.toml"))),
    ...passed,
    HOME: home,
    LANG: "C.UTF-8",
    PIP_ROOT_USER_ACTION: "ignore",
    PIP_DISABLE_PIP_VERSION_CHECK: "1",
  };
}

function existing(name: string, file: string): Promise<Record<string, string>> {
  return access(file).then(
    () => ({ [name]: file }),
    () => ({}),
  );
}

async function findProgram(name: string, searchPath = ""): Promise<string | null> {
  for (const folder of searchPath.split(path.delimiter).filter((entry) => path.isAbsolute(entry))) {
    const file = path.join(folder, name);
    if (
      await access(file).then(
        () => true,
        () => false,
      )
    )
      return file;
  }
  return null;
}
