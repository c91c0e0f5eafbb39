import { link, readFile, rename, rm, writeFile } from "node:fs/promises";
import { z } from "zod";
import { newId } from "../ids";
import { bootMark, processEntry } from "./process-table";
import { endTree } from "./process-tree";

const builderShape = z.object({ group: z.number().int().positive(), start: z.number(), marker: z.string() });
const lockShape = z.object({
  pid: z.number().int().positive(),
  start: z.number(),
  boot: z.string(),
  builder: builderShape.nullable(),
});
type Lock = z.infer<typeof lockShape>;
export type Builder = z.infer<typeof builderShape>;

export type HeldLock = {
  /** Notes the process that builds, so that whoever finds this lock abandoned can end it. */
  readonly note: (builder: Builder | null) => Promise<void>;
  readonly release: () => Promise<void>;
};

/**
 * Takes the lock file, or answers null when a living process holds it. A lock of a process that is gone (id
 * and start time say so) is taken over, and what that process was building is ended first.
 */
export async function takeLock(file: string): Promise<HeldLock | null> {
  const own: Lock = { pid: process.pid, start: processEntry(process.pid)?.start ?? 0, boot: bootMark(), builder: null };
  if (await writeNew(file, own)) return held(file, own);
  const text = await readFile(file, "utf8").catch(() => null);
  if (text === null) return null;
  const lock = parseLock(text);
  if (lock && isHeld(lock)) return null;
  if (lock?.builder && lock.boot === bootMark()) await endTree({ ...lock.builder, account: null, isOurs: false }, 0);
  await removeAbandoned(file, text);
  return (await writeNew(file, own)) ? held(file, own) : null;
}

/** Moves the lock away and looks again: where somebody else was quicker it is a living one, which goes back. */
async function removeAbandoned(file: string, text: string): Promise<void> {
  const aside = `${file}.${newId()}`;
  try {
    await rename(file, aside);
    if ((await readFile(aside, "utf8")) !== text) await link(aside, file);
  } catch {
    // The other one has removed it, or made a new one already: either way the next try finds out.
  } finally {
    await rm(aside, { force: true });
  }
}

function held(file: string, own: Lock): HeldLock {
  return {
    note: (builder) => replace(file, { ...own, builder }),
    release: () => rm(file, { force: true }),
  };
}

function isHeld(lock: Lock): boolean {
  return lock.boot === bootMark() && processEntry(lock.pid)?.start === lock.start;
}

function parseLock(text: string): Lock | null {
  try {
    return lockShape.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** Makes the file with its content in one step; false when it is there already. */
async function writeNew(file: string, lock: Lock): Promise<boolean> {
  const beside = `${file}.${newId()}`;
  await writeFile(beside, JSON.stringify(lock));
  try {
    await link(beside, file);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  } finally {
    await rm(beside, { force: true });
  }
}

async function replace(file: string, lock: Lock): Promise<void> {
  const beside = `${file}.${newId()}`;
  await writeFile(beside, JSON.stringify(lock));
  await rename(beside, file);
}
