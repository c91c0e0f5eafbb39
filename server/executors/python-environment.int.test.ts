import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { parsePythonConfig } from "../config/config";
import { childEnvironment } from "./child-environment";
import { livingProcesses } from "./process-table";
import { copyForAll, pythonForSteps } from "./python-interpreter";
import { isRoot, stepAccount } from "./step-account";
import { type AttemptBench, openAttemptBench } from "./testing/attempt-bench";

/** One small package without dependencies, which the demonstration's environment has as well. */
const PIN = "threadpoolctl==3.8.0";
const SHOW = "import sys, threadpoolctl; print(threadpoolctl.__version__, sys.prefix != sys.base_prefix)";
const BUILD_TIMEOUT_MS = 120_000;

let cacheDir: string;
let bench: AttemptBench;
beforeAll(async () => {
  // Not under the data folder, which as root the steps' account cannot enter.
  cacheDir = await mkdtemp(path.join(os.tmpdir(), "countersign-cache-"));
  await chmod(cacheDir, 0o755);
  bench = await openAttemptBench({ COUNTERSIGN_CACHE_DIR: path.join(cacheDir, "cache") });
});
afterAll(async () => {
  await bench.close();
  await rm(cacheDir, { recursive: true, force: true });
});
beforeEach(() => rm(path.join(cacheDir, "cache", "environments"), { recursive: true, force: true }));

async function python(requirements: string, script = SHOW) {
  const bundleSha256 = await bench.storeBundle({ "requirements.txt": requirements, "step.py": script });
  return {
    bundleSha256,
    work: { kind: "command", command: ["python", "step.py"], requirements: "requirements.txt" },
  } as const;
}

function builders(): number[] {
  return livingProcesses().flatMap(({ pid }) => {
    try {
      return readFileSync(`/proc/${pid}/environ`, "latin1").includes("COUNTERSIGN_BUILD=") ? [pid] : [];
    } catch {
      return [];
    }
  });
}

function builtFolders(): string[] {
  const all = path.join(cacheDir, "cache", "environments");
  return readdirSync(all).flatMap((digest) =>
    readdirSync(path.join(all, digest)).filter((name) => name.startsWith("build-")),
  );
}

test("the interpreter is recent and the steps' account can run it", async () => {
  const found = await pythonForSteps(bench.config);
  expect(found.version).toMatch(/^3\.1[1-9]\./);
  const { log, result } = await bench.run({
    work: {
      kind: "command",
      command: ["python3", "-c", "import sys; print(sys.version_info[:2] >= (3, 11))"],
      requirements: null,
    },
  });
  expect([result.state, log]).toEqual(["succeeded", "True\n"]);
});

test.runIf(isRoot())("as root an interpreter that others cannot reach is copied to where they can", async () => {
  const found = await pythonForSteps(bench.config);
  const account = await stepAccount();
  const copy = account && (await copyForAll(found, account, bench.config));
  expect(copy?.version).toBe(found.version);
  expect(copy?.executable.startsWith(cacheDir)).toBe(true);
});

test("two steps that want the same environment share one build, and the next finds it", {
  timeout: BUILD_TIMEOUT_MS,
}, async () => {
  const step = await python(`# what it imports\n${PIN}\n`);
  const [one, two] = await Promise.all([bench.run(step), bench.run(step)]);
  for (const { result, log } of [one, two]) {
    expect(result).toMatchObject({ state: "succeeded", environmentDigest: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(log).toMatch(/3\.8\.0 True\n$/);
  }
  expect(`${one.log}${two.log}`.match(/Building the Python environment/g)).toHaveLength(1);
  expect(builtFolders()).toHaveLength(1);
  const third = await bench.run(step);
  expect(third.log).toBe("3.8.0 True\n");
  expect(third.result.environmentDigest).toBe(one.result.environmentDigest);
});

test("a build that was killed counts for nothing; the next one ends its remains and builds anew", {
  timeout: BUILD_TIMEOUT_MS,
}, async () => {
  const file = path.join(cacheDir, "requirements.txt");
  await writeFile(file, PIN);
  const killed = spawn(process.execPath, ["--import", "tsx", "server/executors/prebuild.ts", file], {
    stdio: ["ignore", "ignore", "pipe"],
    env: childEnvironment({
      ...bench.config.tools,
      HOME: os.homedir(),
      COUNTERSIGN_DATA_DIR: bench.dataDir,
      COUNTERSIGN_CACHE_DIR: path.join(cacheDir, "cache"),
    }),
  });
  await new Promise((resolve) => killed.stderr.once("data", resolve));
  await expect.poll(() => builders().length, { timeout: 20_000 }).toBeGreaterThan(0);
  killed.kill("SIGKILL");
  const { result, log } = await bench.run(await python(PIN));
  expect(result.state).toBe("succeeded");
  expect(log).toMatch(/Building the Python environment/);
  expect(builders()).toEqual([]);
  expect(builtFolders()).toHaveLength(1);
});

test("cancelling while the environment is built ends the build", { timeout: BUILD_TIMEOUT_MS }, async () => {
  const stop = new AbortController();
  const { result } = await bench.run(await python(PIN), { signal: stop.signal, onLog: () => stop.abort("cancelled") });
  expect(result).toMatchObject({ state: "cancelled", reason: "The run was cancelled." });
  expect(builders()).toEqual([]);
  expect(builtFolders()).toEqual([]);
});

test("a line that is no pinned name fails the attempt with file and line, and builds nothing", async () => {
  const { result, log } = await bench.run(await python(`${PIN}\n--index-url https://example.test/simple\nnumpy\n`));
  expect(result).toMatchObject({
    state: "failed",
    reason:
      "requirements.txt:2: Options are not taken (--index-url); write pinned names only, such as pandas==3.1.1. (and 1 more)",
  });
  expect(log).toBe("");
});

test("a version that does not exist fails with what pip says, and leaves nothing", {
  timeout: BUILD_TIMEOUT_MS,
}, async () => {
  const { result } = await bench.run(await python("threadpoolctl==0.0.0.1\n"));
  expect(result).toMatchObject({
    state: "failed",
    reason: expect.stringMatching(/could not be built\. (pip|uv pip) install: .*threadpoolctl/),
  });
  expect(builtFolders()).toEqual([]);
});

test("a file outside of the bundle, and one that is not there, are refused", async () => {
  const { bundleSha256 } = await python(PIN);
  for (const requirements of ["../../etc/passwd", "missing.txt"]) {
    const { result } = await bench.run({ bundleSha256, work: { kind: "command", command: ["true"], requirements } });
    expect(result).toMatchObject({
      state: "failed",
      reason: expect.stringMatching(/outside of the source bundle|has no file/),
    });
  }
});

test("the builder sees only where programs lie and how packages are found", async () => {
  const { tools } = parsePythonConfig({
    PATH: "/bin",
    PIP_INDEX_URL: "x",
    https_proxy: "y",
    DATABASE_URL: "secret",
    COUNTERSIGN_AUTH_SECRET: "secret",
    AWS_SECRET_ACCESS_KEY: "secret",
    SSL_CERT_FILE: "z",
  });
  expect(Object.keys(tools).sort()).toEqual(["PATH", "PIP_INDEX_URL", "SSL_CERT_FILE", "https_proxy"]);
});
