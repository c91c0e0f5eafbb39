import { readFileSync, rmSync } from "node:fs";
import { z } from "zod";
import { deleteDatabase } from "../services/postgres-place";
import { tryLock } from "../system/file-lock";
import { killRunningCommands } from "../system/run-command";
import { type DataFolder, emptyDataFolder, openDataFolder } from "./data-folder";
import { endLeftBehind } from "./processes";
import type { Report } from "./report";
import { createSupervisor, type Supervisor } from "./supervisor";

/** A folder that this process holds, with its supervisor. */
export type Installation = {
  readonly folder: DataFolder;
  readonly supervisor: Supervisor;
  /** Stops every part in order and gives the folder free; on request everything in it is deleted first. */
  readonly close: (options?: { readonly erases: boolean }) => Promise<void>;
  /** The same at once, without asking. */
  readonly kill: () => void;
};

const workFolderShape = z.object({ workFolder: z.string().startsWith("/var/lib/countersign/work-") });

/** Takes the data folder, ends what an earlier parent left running there, and empties it when asked to. */
export async function openInstallation(
  options: { readonly dataDir: string; readonly reset: boolean },
  report: Report,
): Promise<Installation> {
  const folder = openDataFolder(options.dataDir);
  const lock = tryLock(folder.file("supervisor.lock"));
  if (!("release" in lock)) {
    const who = lock.holder ? ` (process ${lock.holder.pid})` : "";
    throw new Error(
      `Countersign is already running on ${folder.path}${who}. Stop it first, or choose another folder with --data-dir.`,
    );
  }
  try {
    const left = await endLeftBehind(folder);
    if (left.length > 0) {
      report.line(`  An earlier start was cut off; what it left running was ended: ${left.join(", ")}.`);
    }
    if (options.reset) erase(folder);
  } catch (error) {
    lock.release();
    throw error;
  }
  const supervisor = createSupervisor(folder, report.line);
  return {
    folder,
    supervisor,
    async close({ erases } = { erases: false }) {
      killRunningCommands();
      await supervisor.stop();
      if (erases) erase(folder);
      lock.release();
    },
    kill() {
      killRunningCommands();
      supervisor.kill();
      lock.release();
    },
  };
}

function erase(folder: DataFolder): void {
  const work = workFolderOf(folder);
  if (work) rmSync(work, { recursive: true, force: true });
  deleteDatabase(folder);
  emptyDataFolder(folder);
}

/** As root the folders of step attempts lie outside; the worker notes where. */
function workFolderOf(folder: DataFolder): string | null {
  try {
    return workFolderShape.parse(JSON.parse(readFileSync(folder.file("work-folder.json"), "utf8"))).workFolder;
  } catch {
    return null;
  }
}
