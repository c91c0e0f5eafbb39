import { setTimeout as wait } from "node:timers/promises";
import { type Account, carriersOf, livingProcesses, type ProcessEntry, processEntry } from "./process-table";

/**
 * What one attempt (or one build) has started: the processes of its group and session, their descendants,
 * and those that carry its marker, such as a child that made a session of its own and lost its parent.
 */
export type ProcessTree = {
  readonly group: number;
  /** Start of the group's leader, in the unit of the process table. */
  readonly start: number;
  /** `NAME=value`, in the environment of everything that belongs to the tree. */
  readonly marker: string;
  readonly account: Account | null;
  /** True while this process is the leader's parent: then the group's number cannot be another's. */
  readonly isOurs: boolean;
};

const POLL_MS = 25;
const KILL_LIMIT_MS = 10_000;

/** The tree's living processes. Nothing that started before its leader can belong to it. */
export function membersOf(tree: ProcessTree): ProcessEntry[] {
  const candidates = livingProcesses().filter((entry) => entry.start >= tree.start && entry.pid !== process.pid);
  const carriers = carriersOf(tree.marker, candidates, tree.account);
  const isLeader = (entry: ProcessEntry) => entry.pid === tree.group && entry.start === tree.start;
  const isInGroup = (entry: ProcessEntry) => entry.group === tree.group || entry.session === tree.group;
  // While a process of ours is in the group its number cannot have gone to somebody else.
  const isGroupProven =
    tree.isOurs || candidates.some((entry) => isLeader(entry) || (isInGroup(entry) && carriers.has(entry.pid)));
  const members = new Set(
    candidates
      .filter((entry) => carriers.has(entry.pid) || (isGroupProven && isInGroup(entry)))
      .map((entry) => entry.pid),
  );
  for (let size = -1; size !== members.size; ) {
    size = members.size;
    for (const entry of candidates) if (members.has(entry.parent)) members.add(entry.pid);
  }
  return candidates.filter((entry) => members.has(entry.pid));
}

/**
 * Ends the tree: TERM, `graceMs` to finish, then KILL until nothing is left. With 0 there is no TERM.
 * Answers the processes that could not be ended within 10 s (they hang in the kernel); normally none.
 */
export async function endTree(tree: ProcessTree, graceMs: number): Promise<readonly ProcessEntry[]> {
  const known = new Map<number, ProcessEntry>();
  // A member whose parent dies loses its tie to the tree, so what was seen once is remembered.
  const living = () => {
    for (const entry of membersOf(tree)) known.set(entry.pid, entry);
    return [...known.values()].filter((entry) => processEntry(entry.pid)?.start === entry.start);
  };
  let left = living();
  if (graceMs > 0) {
    for (const { pid } of left) send(pid, "SIGTERM");
    left = await emptied(living, graceMs, () => undefined);
  }
  if (left.length === 0) return left;
  return emptied(living, KILL_LIMIT_MS, (remaining) => {
    for (const { pid } of remaining) send(pid, "SIGKILL");
  });
}

async function emptied(
  living: () => ProcessEntry[],
  limitMs: number,
  strike: (left: readonly ProcessEntry[]) => void,
): Promise<ProcessEntry[]> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const left = living();
    if (left.length === 0 || performance.now() > deadline) return left;
    strike(left);
    await wait(POLL_MS);
  }
}

function send(pid: number, signal: "SIGTERM" | "SIGKILL"): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended in the meantime.
  }
}
