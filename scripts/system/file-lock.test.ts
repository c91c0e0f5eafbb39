import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { tryLock } from "./file-lock";
import { identityOf, isAlive } from "./process-identity";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), "countersign-lock-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("a lock is refused while its holder lives, and is free after release", () => {
  const file = path.join(folder, "lock");
  const first = tryLock(file);
  expect(first).toHaveProperty("release");
  expect(tryLock(file)).toEqual({ holder: identityOf(process.pid) });
  if ("release" in first) first.release();
  expect(tryLock(file)).toHaveProperty("release");
  expect(readdirSync(folder)).toEqual(["lock"]);
});

test("the lock of a dead process, and of one whose number another process got, is taken over", () => {
  const file = path.join(folder, "lock");
  for (const pid of [2 ** 22 - 1, process.pid]) {
    writeFileSync(file, JSON.stringify({ pid, startedAt: "0" }));
    const lock = tryLock(file);
    expect(lock).toHaveProperty("release");
    if ("release" in lock) lock.release();
  }
});

test("a process counts as gone as soon as it has ended, also before its parent collects it", async () => {
  const child = spawn(process.execPath, ["-e", "process.stdin.resume()"], { stdio: ["pipe", "ignore", "ignore"] });
  const identity = identityOf(child.pid ?? -1);
  expect(identity && isAlive(identity)).toBe(true);
  child.stdin.end();
  await new Promise((resolve) => child.once("exit", resolve));
  expect(identity && isAlive(identity)).toBe(false);
});
