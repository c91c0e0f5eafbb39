import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import postgres from "postgres";
import { migrateDatabase } from "../migrate";

const FOLDER = path.resolve("db/migrations");

/** The server on which tests make their databases; `npm test` starts one and sets this. */
export function testServerUrl(): string {
  const url = process.env.COUNTERSIGN_TEST_DATABASE_URL;
  if (!url)
    throw new Error("Set COUNTERSIGN_TEST_DATABASE_URL to a Postgres server, or run `npm test`, which starts one.");
  return url;
}

export function databaseUrl(name: string): string {
  const url = new URL(testServerUrl());
  url.pathname = `/${name}`;
  return url.toString();
}

/** The template's name carries the hash of all migrations: a changed one makes a new template. */
export function templateName(): string {
  const hash = createHash("sha256");
  for (const file of readdirSync(FOLDER)
    .filter((name) => name.endsWith(".sql"))
    .sort()) {
    hash.update(file).update(readFileSync(path.join(FOLDER, file)));
  }
  return `countersign_template_${hash.digest("hex").slice(0, 16)}`;
}

/** Migrates the template once. Runs before the tests of a project; several runs at once queue on a lock. */
export default async function prepareTemplate(): Promise<void> {
  const name = templateName();
  const sql = postgres(databaseUrl("postgres"), { max: 1, onnotice: () => undefined });
  try {
    await sql`select pg_advisory_lock(7130418)`;
    const [row] = await sql`select datistemplate from pg_database where datname = ${name}`;
    if (row?.datistemplate) return;
    await sql.unsafe(`drop database if exists ${name} with (force)`);
    await sql.unsafe(`create database ${name}`);
    await migrateDatabase(databaseUrl(name), FOLDER);
    await sql.unsafe(`alter database ${name} with is_template true allow_connections false`);
  } finally {
    await sql.end();
  }
}

/** A fresh copy of the template for one test worker. */
export async function cloneTemplate(): Promise<{ readonly url: string; readonly drop: () => Promise<void> }> {
  const name = `countersign_test_${process.pid}_${Math.random().toString(36).slice(2, 8)}`;
  const admin = postgres(databaseUrl("postgres"), { max: 1, onnotice: () => undefined });
  await admin.unsafe(`create database ${name} template ${templateName()} strategy file_copy`);
  await admin.end();
  return {
    url: databaseUrl(name),
    drop: async () => {
      const again = postgres(databaseUrl("postgres"), { max: 1, onnotice: () => undefined });
      await again.unsafe(`drop database if exists ${name} with (force)`);
      await again.end();
    },
  };
}
