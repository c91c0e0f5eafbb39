import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, copyFileSync, openSync, renameSync, statSync, truncateSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { identityOf } from "../system/process-identity";
import type { DataFolder } from "./data-folder";
import {
  killGroup,
  type PartName,
  type RecordedProcess,
  recordProcesses,
  type StopSignal,
  stopInOrder,
} from "./processes";

/** When a log is put aside, and how often the sizes are looked at while the parts run. */
const LOG_LIMITS = { bytes: 20 * 1024 * 1024, lookEveryMs: 60_000 };
const STEADY_AFTER_MS = 60_000;
const LONGEST_RESTART_MS = 30_000;

export type PartSpec = {
  readonly name: PartName;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly account?: { readonly uid: number; readonly gid: number } | null;
  readonly stopSignal?: StopSignal;
  /** Started again after an unexpected end, once it has been ready; the others end everything. */
  readonly restarts: boolean;
  /** Resolves when the part can be used. Gets the log's size from before this start. */
  readonly ready: (part: { readonly log: string; readonly logFrom: number }) => Promise<void>;
};

type Part = {
  readonly spec: PartSpec;
  readonly log: string;
  child: ChildProcess | null;
  hasBeenReady: boolean;
  restarts: number;
  startedAt: number;
};

export type Supervisor = ReturnType<typeof createSupervisor>;

/** Starts the parts, restarts what may be, and stops all in order. Its `failed` rejects when all must end. */
export function createSupervisor(folder: DataFolder, print: (line: string) => void, logs = LOG_LIMITS) {
  const parts = new Map<string, Part>();
  const recorded = new Map<string, RecordedProcess>();
  let isStopping = false;
  let fail: (error: Error) => void = () => undefined;
  const failed = new Promise<never>((_resolve, reject) => {
    fail = reject;
  });
  failed.catch(() => undefined);
  const looking = setInterval(() => {
    // Until a part is ready, its log is read for the line that says so.
    for (const { log, hasBeenReady } of parts.values()) if (hasBeenReady) trimLog(log, logs.bytes);
  }, logs.lookEveryMs);
  looking.unref();

  function launch(part: Part): void {
    const { spec } = part;
    const log = openSync(part.log, "a", 0o600);
    const child = spawn(spec.command, [...spec.args], {
      cwd: spec.cwd,
      env: spec.env,
      detached: true,
      stdio: ["ignore", log, log],
      ...(spec.account ?? {}),
    });
    closeSync(log);
    part.child = child;
    part.startedAt = Date.now();
    child.once("error", (error) => onEnd(part, error.message));
    child.once("exit", (code, signal) => onEnd(part, signal ? `signal ${signal}` : `code ${code}`));
    const identity = child.pid === undefined ? null : identityOf(child.pid);
    if (identity) remember({ ...identity, name: spec.name, stopSignal: spec.stopSignal ?? "SIGTERM" });
  }

  function remember(one: RecordedProcess): void {
    recorded.set(one.name, one);
    recordProcesses(folder, [...recorded.values()]);
  }

  function onEnd(part: Part, how: string): void {
    const { spec } = part;
    if (part.child === null) return;
    part.child = null;
    const last = recorded.get(spec.name);
    if (isStopping) return;
    if (last) killGroup(last);
    if (!spec.restarts || !part.hasBeenReady) {
      fail(new Error(`The ${spec.name} process ended (${how}). Its log says why: ${part.log}`));
      return;
    }
    void restart(part, how);
  }

  async function restart(part: Part, how: string): Promise<void> {
    if (Date.now() - part.startedAt > STEADY_AFTER_MS) part.restarts = 0;
    const pauseMs = part.restarts === 0 ? 0 : Math.min(500 * 2 ** part.restarts, LONGEST_RESTART_MS);
    part.restarts += 1;
    print(`The ${part.spec.name} process ended (${how}) and is started again. Its log: ${part.log}`);
    await delay(pauseMs, undefined, { ref: false });
    if (isStopping) return;
    rotateLog(part.log, logs.bytes);
    launch(part);
  }

  /** Starts a part and waits until it is ready, or until something that it needs has failed. */
  async function start(spec: PartSpec): Promise<void> {
    if (isStopping) return new Promise(() => undefined);
    const log = `${folder.folder("logs")}/${spec.name}.log`;
    const part: Part = { spec, log, child: null, hasBeenReady: false, restarts: 0, startedAt: 0 };
    parts.set(spec.name, part);
    const logFrom = rotateLog(log, logs.bytes);
    launch(part);
    await Promise.race([spec.ready({ log, logFrom }), failed]);
    part.hasBeenReady = true;
  }

  async function stop(): Promise<void> {
    isStopping = true;
    clearInterval(looking);
    await stopInOrder([...recorded.values()]);
    recorded.clear();
    recordProcesses(folder, []);
  }

  /** Ends everything at once, without asking: for the second Ctrl-C. */
  function kill(): void {
    isStopping = true;
    for (const one of recorded.values()) killGroup(one);
  }

  return { start, stop, kill, failed, logOf: (name: string) => parts.get(name)?.log };
}

/** A log that grew large is kept once beside the new one. Returns the size that the log has now. */
function rotateLog(log: string, keepBytes: number): number {
  const size = sizeOf(log);
  if (size < keepBytes) return size;
  renameSync(log, `${log}.1`);
  return 0;
}

/** The same while a process writes into it: the file stays, emptied, since the process holds it open. */
function trimLog(log: string, keepBytes: number): void {
  if (sizeOf(log) < keepBytes) return;
  copyFileSync(log, `${log}.1`);
  truncateSync(log);
}

function sizeOf(log: string): number {
  return statSync(log, { throwIfNoEntry: false })?.size ?? 0;
}
