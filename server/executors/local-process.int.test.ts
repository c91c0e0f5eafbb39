import { readdirSync, readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MASK } from "./log-lines";
import { livingProcesses } from "./process-table";
import { isRoot, workRoot } from "./step-account";
import { type AttemptBench, openAttemptBench } from "./testing/attempt-bench";

let bench: AttemptBench;
beforeAll(async () => {
  bench = await openAttemptBench();
});
afterAll(() => bench.close());

async function attemptFolders(): Promise<string[]> {
  return readdirSync(await workRoot(bench.dataDir));
}

/** Resolves with the text of the first log line that matches. */
function whenLogged(pattern: RegExp) {
  let resolve: (text: string) => void = () => undefined;
  const seen = new Promise<string>((done) => {
    resolve = done;
  });
  return { seen, onLog: (text: string) => void (pattern.test(text) && resolve(text)) };
}

describe("what a step sees", () => {
  test("inputs, outputs and parameters by name, and nothing of the server's environment", async () => {
    const table = await bench.storeTable(7);
    const { result, log } = await bench.run({
      script:
        'env | sort; cp "$CS_INPUT_TRAINING_DATA" "$CS_OUTPUT_COPY"; echo \'{"n": 7}\' > "$CS_OUTPUT_SUMMARY"; printf abc > "$CS_OUTPUT_MODEL"',
      inputs: { "training-data": { sha256: table, type: "dataset" } },
      outputs: [
        { name: "copy", type: "table" },
        { name: "summary", type: "report" },
        { name: "model", type: "file" },
      ],
      parameters: { alpha: 0.5, label: "wet $(id)", isQuick: true },
      environment: { CS_IDEMPOTENCY_KEY: "run/step" },
    });
    expect(result).toMatchObject({
      state: "succeeded",
      exitCode: 0,
      reason: null,
      outputs: {
        copy: { type: "table", rows: 7, sha256: table },
        summary: { type: "report", rows: null },
        model: { bytes: 3 },
      },
    });
    const names = log
      .trim()
      .split("\n")
      .map((line) => line.slice(0, line.indexOf("=")));
    const own = [
      "CS_ATTEMPT_ID",
      "CS_IDEMPOTENCY_KEY",
      "CS_INPUT_TRAINING_DATA",
      "CS_OUTPUT_COPY",
      "CS_OUTPUT_MODEL",
      "CS_OUTPUT_SUMMARY",
      "CS_PARAM_ALPHA",
      "CS_PARAM_ISQUICK",
      "CS_PARAM_LABEL",
      "CS_RUN_ID",
      "CS_STEP",
    ];
    expect(names.filter((name) => !["PWD", "OLDPWD", "_", "SHLVL"].includes(name)).sort()).toEqual(
      [...own, "HOME", "LANG", "PATH", "PYTHONUNBUFFERED", "TMPDIR"].sort(),
    );
    expect(log).toMatch(/^CS_INPUT_TRAINING_DATA=.*\/inputs\/training-data\.parquet$/m);
    expect(log).toMatch(/^CS_OUTPUT_SUMMARY=.*\.json$/m);
    expect(log).toContain("CS_PARAM_LABEL=wet $(id)");
    expect(await attemptFolders()).toEqual([]);
  });

  test("the bundle's files in a folder where it may write, inputs that it may not", async () => {
    const bundleSha256 = await bench.storeBundle({ "src/hello.sh": "echo hello from $0\n" });
    const sha256 = await bench.storeTable(1);
    const { result, log } = await bench.run({
      bundleSha256,
      inputs: { rows: { sha256, type: "table" } },
      work: {
        kind: "command",
        command: [
          "sh",
          "-c",
          'sh src/hello.sh; touch here "$HOME/x" "$TMPDIR/x" && echo can write; (echo x >> "$CS_INPUT_ROWS") 2>&1; id -u',
        ],
        requirements: null,
      },
    });
    expect(result.state).toBe("succeeded");
    expect(log).toMatch(/hello from src\/hello.sh\ncan write\n.*rows\.parquet: Permission denied\n/);
    expect(log.trim().split("\n").at(-1)).toBe(isRoot() ? "65534" : String(process.getuid?.()));
  });

  test.runIf(isRoot())("as root: not the data folder, and not another's files", async () => {
    await mkdir(path.join(bench.dataDir, "secrets"), { recursive: true });
    const { log } = await bench.run({
      script: `ls "${bench.dataDir}" 2>&1 || true; ls .. 2>&1 || true; cat /etc/shadow 2>&1 || true`,
    });
    expect(log.match(/Permission denied/g)).toHaveLength(3);
  });

  test("a command that is not there is named", async () => {
    const { result } = await bench.run({
      work: { kind: "command", command: ["no-such-program", "x"], requirements: null },
    });
    expect(result).toMatchObject({
      state: "failed",
      exitCode: 127,
      reason: expect.stringMatching(/no-such-program.*not found/),
    });
  });

  test("a failing program's last line is the reason", async () => {
    const { result } = await bench.run({ script: 'echo working; echo "ValueError: no rows" >&2; exit 3' });
    expect(result).toMatchObject({
      state: "failed",
      exitCode: 3,
      reason: "The step ended with exit code 3: ValueError: no rows",
      outputs: {},
    });
  });
});

describe("the start gate", () => {
  test("no command of the step runs before the start is recorded", async () => {
    const order: string[] = [];
    const { result } = await bench.run(
      { script: "echo ran" },
      {
        onStarted: async () => {
          await Promise.resolve(readdirSync("/"));
          order.push("recorded");
        },
        onLog: () => order.push("ran"),
      },
    );
    expect(result.state).toBe("succeeded");
    expect(order).toEqual(["recorded", "ran"]);
  });

  test("when the start cannot be recorded the command never runs", async () => {
    const { result, log, identity } = await bench.run(
      { script: "echo ran" },
      { onStarted: () => Promise.reject(new Error("database gone")) },
    );
    expect(result).toMatchObject({ state: "failed", reason: expect.stringMatching(/could not be recorded/) });
    expect(log).toBe("");
    expect(livingProcesses().some((entry) => entry.group === identity?.processGroup)).toBe(false);
  });
});

describe("the log", () => {
  test("secrets are masked, also where the program writes them in pieces", async () => {
    const secret = "cs_run_0123456789abcdef";
    const { log, result } = await bench.run({
      script: 'printf "a cs_run_0123"; sleep 0.05; printf "456789abcdef b\\n"; echo "$TOKEN" >&2; exit 1',
      environment: { TOKEN: secret },
      secrets: [secret],
    });
    expect(log).toBe(`a ${MASK} b\n${MASK}\n`);
    expect(result.reason).not.toContain(secret);
  });

  test("lines come while the step runs", async () => {
    const first = whenLogged(/ready/);
    const stop = new AbortController();
    const running = bench.run({ script: "echo ready; sleep 60" }, { onLog: first.onLog, signal: stop.signal });
    expect(await first.seen).toBe("ready\n");
    stop.abort("cancelled");
    expect((await running).result.state).toBe("cancelled");
  });
});

describe("the end", () => {
  /** A child of a child, one of them in a session of its own and without its parent. */
  const family =
    "sh -c 'sleep 300 & sleep 300' & setsid sh -c 'sleep 300' & (setsid sleep 300 &) ; echo ready; wait; sleep 300";
  const survivors = (attemptId: string) =>
    livingProcesses().filter((entry) => environmentOf(entry.pid).includes(attemptId));
  const environmentOf = (pid: number) => {
    try {
      return readFileSync(`/proc/${pid}/environ`, "latin1");
    } catch {
      return "";
    }
  };

  test("cancelling ends children of children, sessions of their own included", async () => {
    const spec = bench.specOf({ script: family });
    const first = whenLogged(/ready/);
    const stop = new AbortController();
    const running = bench.run(spec, { onLog: first.onLog, signal: stop.signal });
    await first.seen;
    const started = performance.now();
    stop.abort("cancelled");
    const { result } = await running;
    expect(result).toMatchObject({ state: "cancelled", reason: "The run was cancelled." });
    expect(performance.now() - started).toBeLessThan(10_000);
    expect(survivors(spec.attemptId)).toEqual([]);
    expect(await attemptFolders()).toEqual([]);
  });

  test("a program that ignores TERM is killed after the grace", async () => {
    const first = whenLogged(/ready/);
    const stop = new AbortController();
    const spec = bench.specOf({ script: "trap '' TERM; echo ready; while true; do sleep 1; done" });
    const running = bench.run(spec, { onLog: first.onLog, signal: stop.signal });
    await first.seen;
    stop.abort("shutdown");
    expect((await running).result).toMatchObject({
      state: "cancelled",
      reason: expect.stringMatching(/worker was stopped/),
    });
    expect(survivors(spec.attemptId)).toEqual([]);
  });

  test("a program that handles TERM has the grace to finish", async () => {
    const first = whenLogged(/ready/);
    const stop = new AbortController();
    const running = bench.run(
      { script: "trap 'echo tidied; exit 0' TERM; echo ready; while true; do sleep 0.1; done" },
      { onLog: first.onLog, signal: stop.signal },
    );
    await first.seen;
    stop.abort("cancelled");
    // A shell may say that the child it waited for was terminated.
    expect((await running).log).toMatch(/^ready\n[\s\S]*tidied\n$/);
  });

  test("a step over its limit is ended and says so", async () => {
    const { result } = await bench.run({ script: "sleep 300", timeoutMs: 200 });
    expect(result).toMatchObject({
      state: "timed_out",
      reason: "The step ran longer than its limit of 0.2 s and was ended.",
    });
  });

  test("cancelled before it began, nothing is started", async () => {
    const stop = new AbortController();
    stop.abort("cancelled");
    const { result, identity } = await bench.run({}, { signal: stop.signal });
    expect([result.state, identity]).toEqual(["cancelled", null]);
  });

  test("what a finished step leaves running is ended, and the log says so", async () => {
    const spec = bench.specOf({ script: "setsid sleep 300 & sleep 300 & echo done" });
    const { result, log } = await bench.run(spec);
    expect(result.state).toBe("succeeded");
    expect(log).toMatch(/left 2 running processes behind/);
    expect(survivors(spec.attemptId)).toEqual([]);
  });
});

describe("outputs", () => {
  test.each([
    ["missing", "report", "true", /"out" was not written.*CS_OUTPUT_OUT/],
    ["a link", "file", 'ln -s /etc/hostname "$CS_OUTPUT_OUT"', /not a plain file/],
    ["a second name of another file", "file", 'touch x; ln x "$CS_OUTPUT_OUT"', /not a plain file/],
    ["a folder", "file", 'mkdir "$CS_OUTPUT_OUT"', /not a plain file/],
    ["a pipe", "file", 'mkfifo "$CS_OUTPUT_OUT"', /not a plain file/],
    ["no Parquet", "table", 'echo a,b > "$CS_OUTPUT_OUT"', /not a readable Parquet file/],
    ["no JSON", "report", 'echo "{\\"a\\": NaN}" > "$CS_OUTPUT_OUT"', /not valid JSON/],
  ] as const)("%s fails the attempt", async (_, type, script, reason) => {
    const { result } = await bench.run({ script, outputs: [{ name: "out", type }] });
    expect(result).toMatchObject({ state: "failed", exitCode: 0, outputs: {}, reason: expect.stringMatching(reason) });
  });

  test("a folder of outputs that was made a link is not followed", async () => {
    const { result } = await bench.run({
      script: 'd=$(dirname "$CS_OUTPUT_HOSTNAME"); rmdir "$d" || true; ln -s /etc "$d" || true',
      outputs: [{ name: "hostname", type: "file" }],
    });
    expect(result).toMatchObject({
      state: "failed",
      reason: expect.stringMatching(/was not written|removed or replaced/),
    });
  });
});

test("a bundle that leads out of its folder fails the attempt and leaves nothing", async () => {
  const bundleSha256 = (await bench.blobs.put(Buffer.from("no archive"))).sha256;
  const { result } = await bench.run({ bundleSha256 });
  expect(result).toMatchObject({ state: "failed", reason: expect.stringMatching(/source bundle is refused/) });
  expect(await attemptFolders()).toEqual([]);
});

test("many attempts at once keep apart", async () => {
  const results = await Promise.all(
    Array.from({ length: 8 }, (_, index) =>
      bench.run({ script: 'printf "%s" "$CS_PARAM_N" > n; sleep 0.1; cat n; echo', parameters: { n: index } }),
    ),
  );
  expect(results.map(({ log }) => log.trim())).toEqual(["0", "1", "2", "3", "4", "5", "6", "7"]);
});
