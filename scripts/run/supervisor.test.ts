import { appendFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { identityOf, isAlive } from "../system/process-identity";
import { waitUntil } from "../system/wait-until";
import { type DataFolder, emptyDataFolder, openDataFolder } from "./data-folder";
import { endLeftBehind, loadProcesses, recordProcesses } from "./processes";
import { whenLogSays } from "./readiness";
import { createSupervisor, type PartSpec } from "./supervisor";

let folder: DataFolder;
beforeEach(() => {
  folder = openDataFolder(mkdtempSync(path.join(os.tmpdir(), "countersign-supervisor-")));
});
afterEach(async () => {
  await endLeftBehind(folder);
  rmSync(folder.path, { recursive: true, force: true });
});

const RUNS = "console.log('up', process.pid); setInterval(() => {}, 1000)";
const WITH_CHILD = `require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' }).on('spawn', function () { console.log('child', this.pid, 'up') }); setInterval(() => {}, 1000)`;

function part(name: PartSpec["name"], script: string, restarts: boolean): PartSpec {
  return {
    name,
    command: process.execPath,
    args: ["-e", script],
    env: process.env,
    cwd: os.tmpdir(),
    restarts,
    ready: whenLogSays("up"),
  };
}

const logOf = (name: string) => readFileSync(folder.file("logs", `${name}.log`), "utf8");

test("what is started is recorded with its start time and stopped in order, and nothing stays", async () => {
  const supervisor = createSupervisor(folder, () => undefined);
  await Promise.all([supervisor.start(part("web", RUNS, true)), supervisor.start(part("temporal", RUNS, false))]);
  const recorded = loadProcesses(folder);
  expect(recorded.map((one) => one.name).sort()).toEqual(["temporal", "web"]);
  expect(recorded.every(isAlive)).toBe(true);

  await supervisor.stop();

  expect(recorded.some(isAlive)).toBe(false);
  expect(loadProcesses(folder)).toEqual([]);
});

test("a part that may restart does, and says so", async () => {
  const lines: string[] = [];
  const supervisor = createSupervisor(folder, (line) => lines.push(line));
  await supervisor.start(part("worker", RUNS, true));
  const [first] = loadProcesses(folder);
  process.kill(first?.pid ?? -1, "SIGKILL");
  await waitUntil(() => (logOf("worker").match(/up/g) ?? []).length === 2, {
    withinMs: 10_000,
    otherwise: "no restart",
  });
  expect(lines.join()).toContain("is started again");
  await supervisor.stop();
});

test("a log that grows large is put aside, at a restart and while its process runs on", async () => {
  const limits = { bytes: 1_000, lookEveryMs: 50 };
  const talks = "console.log('up'); setInterval(() => console.log('line'.repeat(20)), 5)";
  const supervisor = createSupervisor(folder, () => undefined, limits);
  await supervisor.start(part("worker", talks, true));
  const aside = folder.file("logs", "worker.log.1");
  await waitUntil(() => existsSync(aside) && logOf("worker").length < 5_000, {
    withinMs: 10_000,
    otherwise: "not put aside while it runs",
  });
  expect(readFileSync(aside, "utf8")).toContain("line");
  await supervisor.stop();

  const calm = createSupervisor(folder, () => undefined, { ...limits, lookEveryMs: 60_000 });
  await calm.start(part("web", RUNS, true));
  await waitUntil(() => logOf("web").includes("up"), { withinMs: 10_000, otherwise: "not up" });
  appendFileSync(folder.file("logs", "web.log"), "x".repeat(2_000));
  process.kill(loadProcesses(folder)[0]?.pid ?? -1, "SIGKILL");
  await waitUntil(() => existsSync(folder.file("logs", "web.log.1")) && logOf("web").includes("up"), {
    withinMs: 10_000,
    otherwise: "not put aside at the restart",
  });
  expect(logOf("web")).not.toContain("xxx");
  await calm.stop();
});

test("a part that may not restart ends everything, with a sentence that names its log", async () => {
  const supervisor = createSupervisor(folder, () => undefined);
  await supervisor.start(part("temporal", RUNS, false));
  process.kill(loadProcesses(folder)[0]?.pid ?? -1, "SIGKILL");
  await expect(supervisor.failed).rejects.toThrow(/temporal process ended \(signal SIGKILL\).*temporal\.log/);
});

test("a part that ends before it is ready is not tried again", async () => {
  const supervisor = createSupervisor(folder, () => undefined);
  await expect(supervisor.start(part("web", "process.exit(3)", true))).rejects.toThrow(/ended \(code 3\)/);
});

test("what a killed parent left is ended by the next start, children included", async () => {
  const parent = createSupervisor(folder, () => undefined);
  await Promise.all([parent.start(part("postgres", WITH_CHILD, false)), parent.start(part("web", RUNS, false))]);
  const child = identityOf(Number(/child (\d+)/.exec(logOf("postgres"))?.[1]));
  const left = loadProcesses(folder);

  expect([...(await endLeftBehind(folder))].sort()).toEqual(["postgres", "web"]);

  expect(left.some(isAlive)).toBe(false);
  expect(child && isAlive(child)).toBe(false);
});

test("another process that got a recorded number is left alone", async () => {
  recordProcesses(folder, [{ name: "web", pid: process.pid, startedAt: "1", stopSignal: "SIGTERM" }]);
  expect(await endLeftBehind(folder)).toEqual([]);
});

test("a folder that holds something else is refused and left as it is", () => {
  const stranger = mkdtempSync(path.join(os.tmpdir(), "countersign-other-"));
  writeFileSync(path.join(stranger, "thesis.txt"), "five years");
  expect(() => openDataFolder(stranger)).toThrow(/did not make/);
  expect(readdirSync(stranger)).toEqual(["thesis.txt"]);
  rmSync(stranger, { recursive: true, force: true });
});

test("emptying a folder of ours leaves it ours", () => {
  folder.write("ports.json", {});
  emptyDataFolder(folder);
  expect(readdirSync(folder.path)).toEqual(["installation.json"]);
});
