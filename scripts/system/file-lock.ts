import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { z } from "zod";
import { identityOf, isAlive, type ProcessIdentity } from "./process-identity";

const identityShape = z.object({ pid: z.number(), startedAt: z.string() });

export type FileLock = { readonly release: () => void };

/** Takes the lock for this process, or answers who has it. A dead process's lock counts as free. */
export function tryLock(file: string): FileLock | { readonly holder: ProcessIdentity | null } {
  const own = identityOf(process.pid);
  if (!own) throw new Error("This process could not find its own start time.");
  const claim = `${file}.${process.pid}`;
  writeFileSync(claim, JSON.stringify(own), { mode: 0o600 });
  try {
    if (link(claim, file)) return releaseOf(file, own);
    const holder = holderOf(file);
    if (holder && isAlive(holder)) return { holder };
    discard(file, holder);
    return link(claim, file) ? releaseOf(file, own) : { holder: holderOf(file) };
  } finally {
    rmSync(claim, { force: true });
  }
}

/** A hard link is made or refused in one step, so of two claimants one wins. */
function link(claim: string, file: string): boolean {
  try {
    linkSync(claim, file);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

function holderOf(file: string): ProcessIdentity | null {
  try {
    return identityShape.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return null;
  }
}

/** Moves a dead holder's lock away; if another claimant was quicker, what was moved is that one's and goes back. */
function discard(file: string, dead: ProcessIdentity | null): void {
  const aside = `${file}.dead.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  const moved = holderOf(aside);
  const isSomebodyElses = moved !== null && (moved.pid !== dead?.pid || moved.startedAt !== dead.startedAt);
  if (isSomebodyElses) link(aside, file);
  rmSync(aside, { force: true });
}

function releaseOf(file: string, own: ProcessIdentity): FileLock {
  return {
    release: () => {
      if (holderOf(file)?.pid === own.pid) rmSync(file, { force: true });
    },
  };
}
