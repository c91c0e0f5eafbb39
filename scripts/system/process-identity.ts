import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** A process, told apart from a later one that got the same id by the moment it was started. */
export type ProcessIdentity = { readonly pid: number; readonly startedAt: string };

/** When the process was started, in whatever unit the system counts; null when there is no such process. */
export function startTimeOf(pid: number): string | null {
  return process.platform === "linux" ? linuxStartTime(pid) : psStartTime(pid);
}

export function identityOf(pid: number): ProcessIdentity | null {
  const startedAt = startTimeOf(pid);
  return startedAt === null ? null : { pid, startedAt };
}

export function isAlive(identity: ProcessIdentity): boolean {
  return startTimeOf(identity.pid) === identity.startedAt;
}

/** Field 22 of /proc/<pid>/stat; the name in field 2 may hold spaces and brackets. A zombie counts as gone. */
function linuxStartTime(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [state] = fields;
    return state === "Z" || state === "X" ? null : (fields[19] ?? null);
  } catch {
    return null;
  }
}

function psStartTime(pid: number): string | null {
  try {
    const output = execFileSync("ps", ["-o", "state=,lstart=", "-p", String(pid)], {
      encoding: "utf8",
      env: { ...process.env, LC_ALL: "C" },
    }).trim();
    const [state = "", ...rest] = output.split(/\s+/);
    return output === "" || state.startsWith("Z") ? null : rest.join(" ");
  } catch {
    return null;
  }
}
