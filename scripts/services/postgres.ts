import { spawnSync } from "node:child_process";
import { chownSync, existsSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import postgres from "postgres";
import type { DataFolder } from "../run/data-folder";
import type { Supervisor } from "../run/supervisor";
import { waitUntil } from "../system/wait-until";
import { findPostgresPlace, makePrivateFolder, type PostgresPlace } from "./postgres-place";

const USER = "countersign";
const DATABASE = "countersign";

type Start = {
  readonly folder: DataFolder;
  readonly supervisor: Supervisor;
  readonly port: number;
  readonly password: string;
  /** Extra settings of the server, such as `fsync=off` for tests. */
  readonly settings?: readonly string[];
};

/** Starts the embedded Postgres, initialised when it is new, and returns the address of our database. */
export async function startPostgres({ folder, supervisor, port, password, settings = [] }: Start): Promise<string> {
  const place = await findPostgresPlace(folder);
  if (!existsSync(path.join(place.dataFolder, "PG_VERSION"))) initialise(place, password);
  const url = (database: string) => `postgres://${USER}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`;
  const options = [
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "max_connections=200",
    "log_min_messages=warning",
    ...settings,
  ];
  await supervisor.start({
    name: "postgres",
    command: path.join(place.binaries, "postgres"),
    args: ["-D", place.dataFolder, "-p", String(port), ...options.flatMap((option) => ["-c", option])],
    env: bareEnvironment(),
    cwd: "/",
    account: place.account,
    stopSignal: "SIGINT",
    restarts: false,
    ready: ({ log }) =>
      waitUntil(() => answers(url("postgres")), {
        withinMs: 60_000,
        otherwise: `Postgres did not answer within a minute. Its log: ${log}`,
      }),
  });
  await ensureDatabase(url("postgres"));
  return url(DATABASE);
}

/** Makes the cluster: passwords by SCRAM from the first moment, no trust, sorted bytewise. */
function initialise(place: PostgresPlace, password: string): void {
  rmSync(place.dataFolder, { recursive: true, force: true });
  makePrivateFolder(place.dataFolder, place.account);
  const passwordFile = `${place.dataFolder}.password`;
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  try {
    if (place.account) chownSync(passwordFile, place.account.uid, place.account.gid);
    const args = [
      "-D",
      place.dataFolder,
      "-U",
      USER,
      "--auth=scram-sha-256",
      `--pwfile=${passwordFile}`,
      "--encoding=UTF8",
      "--locale=C",
    ];
    const made = spawnSync(path.join(place.binaries, "initdb"), args, {
      cwd: "/",
      env: bareEnvironment(),
      encoding: "utf8",
      ...(place.account ?? {}),
    });
    if (made.error) throw made.error;
    if (made.status !== 0)
      throw new Error(`Postgres could not be initialised in ${place.dataFolder}: ${made.stderr.trim()}`);
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

async function answers(url: string): Promise<boolean> {
  const sql = postgres(url, { max: 1, connect_timeout: 2, onnotice: () => undefined });
  try {
    await sql`select 1`;
    return true;
  } catch {
    return false;
  } finally {
    await sql.end({ timeout: 1 });
  }
}

async function ensureDatabase(adminUrl: string): Promise<void> {
  const sql = postgres(adminUrl, { max: 1, onnotice: () => undefined });
  try {
    const found = await sql`select 1 from pg_database where datname = ${DATABASE}`;
    if (found.length === 0) await sql.unsafe(`create database ${DATABASE}`);
  } finally {
    await sql.end({ timeout: 5 });
  }
}

/** Postgres gets a path and a neutral language, and nothing of our secrets. */
function bareEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, LC_ALL: "C", NODE_ENV: process.env.NODE_ENV };
}
