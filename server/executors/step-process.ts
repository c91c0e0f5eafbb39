import { type ChildProcess, spawn } from "node:child_process";
import os from "node:os";
import { Writable } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";
import { childEnvironment } from "./child-environment";
import type { AttemptHooks, ProcessIdentity } from "./executor";
import { type Account, bootMark, processEntry } from "./process-table";
import { endTree, membersOf, type ProcessTree } from "./process-tree";
import { ATTEMPT_MARK } from "./step-environment";

export type StepCommand = {
  readonly attemptId: string;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly folder: string;
  readonly account: Account | null;
  readonly timeoutMs: number;
  readonly graceMs: number;
  readonly onOutput: (chunk: Uint8Array) => void;
};

export type StepEnd = {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Why the process was ended from here; null where it ended by itself. */
  readonly endedBy: "timeout" | "cancel" | "not_recorded" | null;
  /** Processes that still ran when the command had ended; they were ended too. */
  readonly leftBehind: number;
};

/** What the gate's shell exits with when nobody opened it: this process died, or could not record the start. */
const GATE_CLOSED = 125;
const GATE = `exec 2>&1; umask 022; read -r go <&3 || exit ${GATE_CLOSED}; exec 3<&-; exec "$@"`;
const PIPE_LIMIT_MS = 1_000;

/**
 * Runs a step's command in a process group of its own. A small shell waits until `hooks.onStarted` has
 * recorded the group, then becomes the command; if this process dies before, the shell ends too.
 * Answers when no process of the step is left.
 */
export async function runStep(step: StepCommand, hooks: AttemptHooks): Promise<StepEnd> {
  const child = spawn("/bin/sh", ["-c", GATE, "sh", ...step.command], {
    cwd: step.folder,
    detached: true,
    env: childEnvironment(step.environment),
    stdio: ["ignore", "pipe", "ignore", "pipe"],
    ...(step.account ?? {}),
  });
  const exited = exitOf(child);
  child.stdout?.on("data", step.onOutput);
  if (child.pid === undefined)
    throw await exited.then(
      () => new Error("The step's process did not start."),
      (error: unknown) => error,
    );
  const tree: ProcessTree = {
    group: child.pid,
    start: processEntry(child.pid)?.start ?? 0,
    marker: `${ATTEMPT_MARK}=${step.attemptId}`,
    account: step.account,
    isOurs: true,
  };
  const supervision = supervise(tree, step, hooks.signal);
  try {
    await openGate(child, identityOf(tree, step.attemptId), hooks).catch(() => supervision.end("not_recorded"));
    const { code, signal } = await exited;
    await supervision.settled();
    const leftBehind = membersOf(tree).length;
    if (leftBehind > 0) await endTree(tree, 0);
    await drained(child);
    return { exitCode: code, signal, endedBy: supervision.endedBy(), leftBehind };
  } finally {
    supervision.stop();
  }
}

type Exit = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

function exitOf(child: ChildProcess): Promise<Exit> {
  const exited = new Promise<Exit>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => resolve({ code, signal }));
  });
  exited.catch(() => undefined);
  return exited;
}

/** The group of a step as it is recorded. The start names boot, tick and attempt, so that it fits no other process. */
function identityOf(tree: ProcessTree, attemptId: string): ProcessIdentity {
  return {
    host: os.hostname(),
    processGroup: tree.group,
    processStartedAt: `${bootMark()}.${tree.start}.${attemptId}`,
  };
}

async function openGate(child: ChildProcess, identity: ProcessIdentity, hooks: AttemptHooks): Promise<void> {
  const gate = child.stdio[3];
  if (!(gate instanceof Writable)) throw new Error("The gate has no pipe.");
  // The shell may be gone already, which its exit tells.
  gate.on("error", () => undefined);
  try {
    await hooks.onStarted(identity);
    hooks.signal.throwIfAborted();
    gate.write("go\n");
  } finally {
    gate.end();
  }
}

/** Watches limit and cancellation. The first cause counts. */
function supervise(tree: ProcessTree, step: StepCommand, signal: AbortSignal) {
  let cause: StepEnd["endedBy"] = null;
  let ending: Promise<unknown> = Promise.resolve();
  const end = (why: NonNullable<StepEnd["endedBy"]>) => {
    if (cause !== null) return;
    cause = why;
    ending = endTree(tree, why === "not_recorded" ? 0 : step.graceMs);
  };
  const onAbort = () => end("cancel");
  const timer = setTimeout(() => end("timeout"), step.timeoutMs);
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) onAbort();
  return {
    end,
    endedBy: () => cause,
    settled: () => ending,
    stop: () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
    },
  };
}

/** Waits for the rest of the output; a process that escaped with the pipe does not hold the attempt. */
async function drained(child: ChildProcess): Promise<void> {
  const { stdout } = child;
  if (!stdout || stdout.closed) return;
  const closed = new Promise<void>((resolve) => stdout.once("close", () => resolve()));
  const limit = new AbortController();
  await Promise.race([closed, wait(PIPE_LIMIT_MS, undefined, { signal: limit.signal }).catch(() => undefined)]);
  limit.abort();
  stdout.destroy();
}

/** Ends what a dead worker left of an attempt on this host. An identity of another form, host or boot is left alone. */
export async function endLeftover(
  identity: ProcessIdentity,
  account: Account | null,
): Promise<{ readonly attemptId: string; readonly left: number } | null> {
  const match = /^([0-9a-f]+)\.([0-9.]+)\.([0-9a-f-]{36})$/.exec(identity.processStartedAt);
  const [, boot, start, attemptId] = match ?? [];
  if (!attemptId || identity.host !== os.hostname() || boot !== bootMark()) return null;
  const left = await endTree(
    {
      group: identity.processGroup,
      start: Number(start),
      marker: `${ATTEMPT_MARK}=${attemptId}`,
      account,
      isOurs: false,
    },
    0,
  );
  return { attemptId, left: left.length };
}
