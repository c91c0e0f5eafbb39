import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import type { z } from "zod";

const PRIVATE_FILE = 0o600;
const PRIVATE_FOLDER = 0o700;
/** Says that the folder is ours; what lacks it is never written to and never emptied. */
const MARK = "installation.json";
const LOCK = "supervisor.lock";

/** The one folder that holds everything of an installation; nobody else may enter it. */
export type DataFolder = {
  readonly path: string;
  readonly file: (...parts: string[]) => string;
  readonly folder: (...parts: string[]) => string;
  readonly read: <T>(name: string, shape: z.ZodType<T>) => T | null;
  readonly write: (name: string, value: unknown) => void;
};

/** Opens the folder, and makes it when it is not there; throws a sentence when it cannot be used or is not ours. */
export function openDataFolder(root: string): DataFolder {
  try {
    mkdirSync(root, { recursive: true, mode: PRIVATE_FOLDER });
    chmodSync(root, PRIVATE_FOLDER);
  } catch (error) {
    throw new Error(
      `The data folder ${root} cannot be used by this account: ${messageOf(error)}. Choose another with --data-dir.`,
    );
  }
  const file = (...parts: string[]) => path.join(root, ...parts);
  if (!existsSync(file(MARK))) {
    if (readdirSync(root).length > 0)
      throw new Error(`${root} holds files that Countersign did not make; choose an empty folder with --data-dir.`);
    writeJson(file(MARK), { createdAt: new Date().toISOString() });
  }
  return {
    path: root,
    file,
    folder(...parts) {
      const folder = file(...parts);
      mkdirSync(folder, { recursive: true, mode: PRIVATE_FOLDER });
      return folder;
    },
    read: (name, shape) => readJson(file(name), shape),
    write: (name, value) => writeJson(file(name), value),
  };
}

/** Deletes what the folder holds, except its lock and its mark. */
export function emptyDataFolder(folder: DataFolder): void {
  for (const name of readdirSync(folder.path)) {
    if (name !== LOCK && name !== MARK) rmSync(folder.file(name), { recursive: true, force: true });
  }
}

function readJson<T>(file: string, shape: z.ZodType<T>): T | null {
  if (!existsSync(file)) return null;
  try {
    return shape.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (error) {
    throw new Error(`${file} is not what it should be: ${messageOf(error)}`);
  }
}

/** Written beside and renamed, so that a reader sees the old or the new text and a crash leaves no half. */
function writeJson(file: string, value: unknown): void {
  const beside = `${file}.${process.pid}.new`;
  writeFileSync(beside, `${JSON.stringify(value, null, 2)}\n`, { mode: PRIVATE_FILE });
  renameSync(beside, file);
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
