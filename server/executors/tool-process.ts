import { spawn } from "node:child_process";
import { childEnvironment } from "./child-environment";
import { processEntry } from "./process-table";
import { endTree, type ProcessTree } from "./process-tree";

export type ToolRun = {
  readonly command: readonly [string, ...string[]];
  readonly environment: Readonly<Record<string, string>>;
  /** `NAME=value` by which everything that the tool starts is found again. */
  readonly marker: readonly [name: string, value: string];
  readonly folder: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly onStarted: (tree: ProcessTree) => Promise<void>;
  readonly onOutput: (chunk: Uint8Array) => void;
};

/** Everything that the tool makes can be read by everybody, whatever this process was started with. */
const WRAPPED = 'umask 022; exec 2>&1; exec "$@"';

/** Runs a program of ours (not a step's) in its own process group; answers its exit code, null when it was ended. */
export async function runTool(run: ToolRun): Promise<number | null> {
  const [name, value] = run.marker;
  const child = spawn("/bin/sh", ["-c", WRAPPED, "sh", ...run.command], {
    cwd: run.folder,
    detached: true,
    env: childEnvironment({ ...run.environment, [name]: value }),
    stdio: ["ignore", "pipe", "ignore"],
  });
  const exited = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", resolve);
  });
  child.stdout.on("data", run.onOutput);
  if (child.pid === undefined) return exited;
  const tree: ProcessTree = {
    group: child.pid,
    start: processEntry(child.pid)?.start ?? 0,
    marker: `${name}=${value}`,
    account: null,
    isOurs: true,
  };
  const end = () => void endTree(tree, 0);
  const timer = setTimeout(end, run.timeoutMs);
  run.signal.addEventListener("abort", end, { once: true });
  try {
    await run.onStarted(tree);
    if (run.signal.aborted) end();
    return await exited;
  } finally {
    clearTimeout(timer);
    run.signal.removeEventListener("abort", end);
    await endTree(tree, 0);
    child.stdout.destroy();
  }
}
