import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import type { ServiceContext } from "@/server/context";

export type WorkerProcess = {
  readonly pid: number;
  /** As a crash: nothing of the process's own runs any more. */
  readonly kill: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

/** Starts the real worker as a process of its own on the test's database, data folder and task queue. */
export async function startWorkerProcess(
  { config }: ServiceContext,
  roles = "workflow,io,cpu",
): Promise<WorkerProcess> {
  const child = spawn(process.execPath, ["--import", "tsx", path.resolve("workflows/worker.ts")], {
    env: {
      ...process.env,
      NODE_ENV: "test",
      DATABASE_URL: config.databaseUrl,
      TEMPORAL_ADDRESS: process.env.COUNTERSIGN_TEST_TEMPORAL_ADDRESS,
      COUNTERSIGN_TASK_QUEUE: config.temporal.taskQueue,
      COUNTERSIGN_DATA_DIR: config.dataDir,
      COUNTERSIGN_AUTH_SECRET: config.authSecret,
      COUNTERSIGN_INTERNAL_SECRET: config.internalSecret,
      COUNTERSIGN_WORKER_ROLES: roles,
      LOG_LEVEL: "info",
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "exit");
  await Promise.race([
    isReady(child),
    ended.then(() => Promise.reject(new Error("The worker ended before it was ready."))),
  ]);
  const end = (signal: NodeJS.Signals) => async () => {
    child.kill(signal);
    await ended;
  };
  return { pid: child.pid ?? 0, kill: end("SIGKILL"), stop: end("SIGTERM") };
}

function isReady(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.stdout?.on("data", (text: Buffer) => {
      if (text.includes("worker is ready")) resolve();
    });
  });
}
