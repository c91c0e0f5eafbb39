import { execFileSync, spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { childEnvironment } from "./child-environment";

/** One living process. `start` counts clock ticks since boot on Linux, seconds since the epoch elsewhere. */
export type ProcessEntry = {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  readonly start: number;
};

export type Account = { readonly uid: number; readonly gid: number };

const IS_LINUX = process.platform === "linux";

/** All processes that still run; a zombie has ended and does not count. */
export function livingProcesses(): ProcessEntry[] {
  return IS_LINUX ? linuxProcesses() : psProcesses([]);
}

/** The process, or null when it has ended. */
export function processEntry(pid: number): ProcessEntry | null {
  if (IS_LINUX) return linuxEntry(pid);
  return psProcesses(["-p", String(pid)])[0] ?? null;
}

let boot: string | undefined;

/** Tells one boot of this machine from another: process ids and ticks start anew with each. */
export function bootMark(): string {
  boot ??= IS_LINUX ? readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim().slice(0, 8) : "0";
  return boot;
}

function linuxProcesses(): ProcessEntry[] {
  return readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? (linuxEntry(Number(name)) ?? []) : []));
}

/** Fields 3 to 6 and 22 of /proc/<pid>/stat; the name in field 2 may hold spaces and brackets. */
function linuxEntry(pid: number): ProcessEntry | null {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return null;
  }
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state = "X", parent, group, session] = fields;
  if (state === "Z" || state === "X") return null;
  return { pid, parent: Number(parent), group: Number(group), session: Number(session), start: Number(fields[19]) };
}

/** macOS and the BSDs: no session number, start times in whole seconds. */
function psProcesses(selection: readonly string[]): ProcessEntry[] {
  const columns = ["-o", "pid=,ppid=,pgid=,stat=,lstart="];
  const { stdout } = spawnSync("ps", [...(selection.length > 0 ? selection : ["-A"]), ...columns], {
    encoding: "utf8",
    env: childEnvironment({ PATH: "/bin:/usr/bin", LC_ALL: "C" }),
  });
  return (stdout ?? "").split("\n").flatMap((line) => {
    const [pid, parent, group, state = "Z", ...started] = line.trim().split(/\s+/);
    const start = Date.parse(started.join(" ")) / 1000;
    if (state.startsWith("Z") || Number.isNaN(start)) return [];
    return [{ pid: Number(pid), parent: Number(parent), group: Number(group), session: Number(group), start }];
  });
}

/**
 * Which of the processes carry `marker` (`NAME=value`) in the environment that they were started with.
 * `account` is whose processes they are: where the kernel keeps root from looking, that account looks.
 */
export function carriersOf(marker: string, processes: readonly ProcessEntry[], account: Account | null): Set<number> {
  return IS_LINUX ? linuxCarriers(marker, processes, account) : psCarriers(marker, processes);
}

function linuxCarriers(marker: string, processes: readonly ProcessEntry[], account: Account | null): Set<number> {
  const found = new Set<number>();
  let isBarred = false;
  for (const { pid } of processes) {
    try {
      if (readFileSync(`/proc/${pid}/environ`, "latin1").split("\0").includes(marker)) found.add(pid);
    } catch (error) {
      isBarred ||= error instanceof Error && "code" in error && (error.code === "EACCES" || error.code === "EPERM");
    }
  }
  if (isBarred && account) for (const pid of carriersSeenBy(account, marker)) found.add(pid);
  return found;
}

/** Root without the right to trace (as in a plain container) may not read another account's environment; that account may. */
function carriersSeenBy(account: Account, marker: string): number[] {
  const look = spawnSync("/bin/sh", ["-c", 'grep -lszxF -e "$1" /proc/[0-9]*/environ', "sh", marker], {
    ...account,
    encoding: "utf8",
    cwd: "/",
    env: childEnvironment({ PATH: "/bin:/usr/bin" }),
  });
  return (look.stdout ?? "").split("\n").flatMap((line) => {
    const pid = /^\/proc\/(\d+)\//.exec(line)?.[1];
    return pid ? [Number(pid)] : [];
  });
}

function psCarriers(marker: string, processes: readonly ProcessEntry[]): Set<number> {
  const isWanted = new Set(processes.map((entry) => entry.pid));
  try {
    const output = execFileSync("ps", ["-A", "-E", "-ww", "-o", "pid=,command="], {
      encoding: "utf8",
      maxBuffer: 64 * 1024 * 1024,
    });
    const pids = output
      .split("\n")
      .filter((line) => line.includes(marker))
      .map((line) => Number.parseInt(line, 10));
    return new Set(pids.filter((pid) => isWanted.has(pid)));
  } catch {
    return new Set();
  }
}
