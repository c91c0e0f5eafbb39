import { type ChildProcess, spawn } from "node:child_process";

export type Ran = { readonly code: number | null; readonly output: string };

type CommandOptions = {
  readonly cwd?: string;
  readonly timeoutMs?: number;
  readonly env?: NodeJS.ProcessEnv;
  /** Gets the output as it comes. */
  readonly onOutput?: (text: string) => void;
};

const running = new Set<ChildProcess>();
let isClosing = false;

/** Runs a program to its end and returns what it wrote; code null when it could not be started or took too long. */
export function runCommand(command: string, args: readonly string[], options: CommandOptions = {}): Promise<Ran> {
  if (isClosing) return Promise.resolve({ code: null, output: "Stopping." });
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const child = spawn(command, [...args], {
      cwd: options.cwd,
      env: options.env ?? process.env,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    running.add(child);
    const timer = options.timeoutMs === undefined ? undefined : setTimeout(() => killGroupOf(child), options.timeoutMs);
    const collect = (chunk: Buffer) => {
      chunks.push(chunk);
      options.onOutput?.(chunk.toString("utf8"));
    };
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    const finish = (code: number | null) => {
      clearTimeout(timer);
      running.delete(child);
      resolve({ code, output: Buffer.concat(chunks).toString("utf8") });
    };
    child.once("error", (error) => {
      chunks.push(Buffer.from(error.message));
      finish(null);
    });
    child.once("close", finish);
  });
}

/** Ends the programs that run at this moment, with everything they started; from now on none is started. */
export function killRunningCommands(): void {
  isClosing = true;
  for (const child of running) killGroupOf(child);
}

function killGroupOf(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // It has ended.
  }
}
