import { z } from "zod";
import { isAlive, type ProcessIdentity } from "../system/process-identity";
import { waitUntil } from "../system/wait-until";
import type { DataFolder } from "./data-folder";

const FILE = "processes.json";
const PARTS = ["web", "gateway", "worker", "temporal", "postgres"] as const;
const shape = z.array(
  z.object({ name: z.enum(PARTS), pid: z.number(), startedAt: z.string(), stopSignal: z.enum(["SIGTERM", "SIGINT"]) }),
);

export type RecordedProcess = z.infer<typeof shape>[number];
export type PartName = RecordedProcess["name"];
export type StopSignal = RecordedProcess["stopSignal"];

/** The order in which parts are stopped: those that need others first. Equal ones together. */
const STOP_ORDER = [["web", "gateway"], ["worker"], ["temporal"], ["postgres"]] as const;
/** The worker ends the steps that run here, which takes it up to twenty seconds. */
const GRACE_MS = { web: 10_000, gateway: 10_000, worker: 25_000, temporal: 10_000, postgres: 20_000 } as const;

export function loadProcesses(folder: DataFolder): readonly RecordedProcess[] {
  return folder.read(FILE, shape) ?? [];
}

export function recordProcesses(folder: DataFolder, processes: readonly RecordedProcess[]): void {
  folder.write(FILE, processes);
}

/** Ends what an earlier parent left running in this folder; returns the names of what was ended. */
export async function endLeftBehind(folder: DataFolder): Promise<readonly string[]> {
  const left = loadProcesses(folder).filter(isAlive);
  await stopInOrder(left);
  recordProcesses(folder, []);
  return left.map((one) => one.name);
}

/** Stops the given processes, each with its own signal and, after its time of grace, without asking. */
export async function stopInOrder(processes: readonly RecordedProcess[]): Promise<void> {
  for (const names of STOP_ORDER) {
    const together = processes.filter((one) => (names as readonly string[]).includes(one.name));
    await Promise.all(together.map((one) => stopProcess(one)));
  }
}

async function stopProcess(target: RecordedProcess): Promise<void> {
  const graceMs = GRACE_MS[target.name];
  if (isAlive(target)) {
    signal(target, target.stopSignal);
    await waitUntil(() => !isAlive(target), { withinMs: graceMs, otherwise: "still running" }).catch(() => undefined);
  }
  killGroup(target);
  await waitUntil(() => !isAlive(target), {
    withinMs: graceMs,
    otherwise: `The process ${target.pid} (${target.name}) could not be ended.`,
  });
}

function signal(target: ProcessIdentity, name: NodeJS.Signals): void {
  try {
    process.kill(target.pid, name);
  } catch {
    // It ended in between.
  }
}

/** Each part leads a process group; what it started and left in the group goes with it. */
export function killGroup(target: ProcessIdentity): void {
  try {
    process.kill(-target.pid, "SIGKILL");
  } catch {
    // The group is empty, which is what was wanted.
  }
}
