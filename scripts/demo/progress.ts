import { z } from "zod";
import type { DataFolder } from "../run/data-folder";
import type { Report } from "../run/report";

const FILE = "demo-progress.json";
const shape = z.record(z.string(), z.unknown());

/** Runs each step of the demonstration once: an interrupted one goes on after the last finished step. */
export type Progress = <T>(key: string, title: string, work: () => Promise<T>) => Promise<T>;

/** Results are kept in the data folder (mode 0600, they hold passwords and tokens) as JSON. */
export function openProgress(folder: DataFolder, report: Report): Progress {
  const done = folder.read(FILE, shape) ?? {};
  return async <T>(key: string, title: string, work: () => Promise<T>): Promise<T> => {
    // What this very step returned in an earlier start, so it has the step's own type.
    if (key in done) return done[key] as T;
    const result = await report.step(title, work);
    done[key] = result ?? null;
    folder.write(FILE, done);
    return result;
  };
}
