import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";

/** Resident memory of a process in bytes; null when it is gone. Linux reads /proc, elsewhere `ps` answers. */
export async function residentBytes(pid: number): Promise<number | null> {
  if (process.platform !== "linux") return residentByPs(pid);
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  return kilobytes ? Number(kilobytes) * 1_024 : null;
}

function residentByPs(pid: number): Promise<number | null> {
  return new Promise((resolve) => {
    execFile("ps", ["-o", "rss=", "-p", String(pid)], (error, output) => {
      const kilobytes = Number(output.trim());
      resolve(error || !kilobytes ? null : kilobytes * 1_024);
    });
  });
}
