import { spawn } from "node:child_process";
import { chmodSync, chownSync, existsSync, readdirSync, readFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { childEnvironment } from "./child-environment";
import type { AttemptSpec, ProcessIdentity } from "./executor";
import { type Account, livingProcesses } from "./process-table";
import { isOpenToAll, isRoot, stepAccount, workRoot } from "./step-account";
import { type AttemptBench, openAttemptBench } from "./testing/attempt-bench";

let bench: AttemptBench;
beforeAll(async () => {
  bench = await openAttemptBench();
});
afterAll(() => bench.close());

type Event = { readonly event: "started" | "log" | "result"; readonly value: never };

/** Runs an attempt in a process of its own, which a test may kill. */
function drive(
  dataDir: string,
  spec: AttemptSpec,
  { account = null, isGateHeld = false }: { account?: Account | null; isGateHeld?: boolean } = {},
) {
  const child = spawn(
    process.execPath,
    [
      "--import",
      "tsx",
      "server/executors/testing/attempt-main.ts",
      dataDir,
      JSON.stringify(spec),
      isGateHeld ? "hold" : "open",
    ],
    {
      stdio: ["ignore", "pipe", "inherit"],
      env: childEnvironment({ PATH: process.env.PATH ?? "", HOME: "/tmp" }),
      ...(account ?? {}),
    },
  );
  const events: Event[] = [];
  const waiting: { readonly matches: (event: Event) => boolean; readonly resolve: (event: Event) => void }[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => {
    const event = JSON.parse(line) as Event;
    events.push(event);
    for (const one of waiting) if (one.matches(event)) one.resolve(event);
  });
  const seen = (matches: (event: Event) => boolean) =>
    new Promise<Event>((resolve) => {
      const past = events.find(matches);
      if (past) resolve(past);
      else waiting.push({ matches, resolve });
    });
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  return {
    identity: async () => (await seen((event) => event.event === "started")).value as ProcessIdentity,
    logged: (text: string) => seen((event) => event.event === "log" && String(event.value).includes(text)),
    result: async () =>
      (await seen((event) => event.event === "result")).value as { state: string; reason: string | null },
    kill: async () => {
      child.kill("SIGKILL");
      await exited;
    },
  };
}

function carriers(attemptId: string): number[] {
  return livingProcesses().flatMap(({ pid }) => {
    try {
      return readFileSync(`/proc/${pid}/environ`, "latin1").includes(`CS_ATTEMPT_ID=${attemptId}`) ? [pid] : [];
    } catch {
      return [];
    }
  });
}

describe("after the death of a worker", () => {
  test("what it left is ended, its folder removed, and a second time nothing happens", async () => {
    const spec = bench.specOf({ script: "sleep 300 & setsid sleep 300 & echo ready; sleep 300" });
    const worker = drive(bench.dataDir, spec);
    const identity = await worker.identity();
    await worker.logged("ready");
    await worker.kill();
    expect(carriers(spec.attemptId).length).toBeGreaterThanOrEqual(3);
    await bench.executor.killLeftover(identity);
    expect(carriers(spec.attemptId)).toEqual([]);
    expect(existsSync(path.join(await workRoot(bench.dataDir), spec.attemptId))).toBe(false);
    await bench.executor.killLeftover(identity);
  });

  test("members of a group whose leader is gone are found by their marker", async () => {
    const spec = bench.specOf({ script: "sleep 300 & echo ready; exec sleep 0.2" });
    const worker = drive(bench.dataDir, spec);
    const identity = await worker.identity();
    await worker.logged("ready");
    await worker.kill();
    await expect.poll(() => carriers(spec.attemptId).length).toBe(1);
    await bench.executor.killLeftover(identity);
    expect(carriers(spec.attemptId)).toEqual([]);
  });

  test("a step whose worker died before the start was recorded never runs its command", async () => {
    const spec = bench.specOf({ script: "sleep 300" });
    const worker = drive(bench.dataDir, spec, { isGateHeld: true });
    const { processGroup } = await worker.identity();
    expect(livingProcesses().some(({ pid }) => pid === processGroup)).toBe(true);
    await worker.kill();
    await expect.poll(() => carriers(spec.attemptId)).toEqual([]);
  });

  test.each([
    ["another host", { host: "some-other-host" }],
    ["another boot", { processStartedAt: "00000000.1" }],
    ["an unknown form", { processStartedAt: "yesterday" }],
  ])("an identity of %s touches nothing", async (_, changes) => {
    const child = spawn("sleep", ["300"], { detached: true, stdio: "ignore" });
    const attemptId = bench.specOf({}).attemptId;
    const identity = {
      host: os.hostname(),
      processGroup: child.pid ?? 0,
      processStartedAt: `x.1.${attemptId}`,
      ...changes,
    };
    await bench.executor.killLeftover(identity);
    expect(livingProcesses().some(({ pid }) => pid === child.pid)).toBe(true);
    child.kill("SIGKILL");
  });

  test("a later process that got the number of a dead leader is not touched", async () => {
    const first = bench.specOf({ script: "true" });
    const { identity } = await bench.run(first);
    const child = spawn("sleep", ["300"], { detached: true, stdio: "ignore" });
    if (identity) await bench.executor.killLeftover({ ...identity, processGroup: child.pid ?? 0 });
    expect(livingProcesses().some(({ pid }) => pid === child.pid)).toBe(true);
    child.kill("SIGKILL");
  });
});

const account = await stepAccount();
const canRead = !isRoot() || (await isOpenToAll(process.cwd()));

describe("as an ordinary account", () => {
  test.runIf(canRead)("a step runs as that account, in the data folder, and leaves nothing", async () => {
    const other = await openAttemptBench();
    try {
      const spec = other.specOf({
        script: 'id -u; echo "{}" > "$CS_OUTPUT_REPORT"; setsid sleep 300 & sleep 300 & true',
        outputs: [{ name: "report", type: "report" }],
      });
      if (account) giveAway(other.dataDir, account);
      const run = drive(other.dataDir, spec, { account });
      await run.logged(String(account?.uid ?? process.getuid?.()));
      expect(await run.result()).toMatchObject({ state: "succeeded" });
      expect(carriers(spec.attemptId)).toEqual([]);
      expect(readdirSync(path.join(other.dataDir, "work"))).toEqual([]);
    } finally {
      await other.close();
    }
  });
});

function giveAway(folder: string, account: Account): void {
  for (const entry of readdirSync(folder, { recursive: true, encoding: "utf8" }))
    chownSync(path.join(folder, entry), account.uid, account.gid);
  chownSync(folder, account.uid, account.gid);
  chmodSync(folder, 0o700);
}
