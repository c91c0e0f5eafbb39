import { existsSync } from "node:fs";
import os from "node:os";
import { fileURLToPath } from "node:url";
import { DefaultLogger, NativeConnection, Runtime, Worker, type WorkerOptions } from "@temporalio/worker";
import { stepQueueOf } from "@/domain/outbox";
import type { ServiceContext } from "@/server/context";
import { temporalConnectionOptions } from "@/server/outbox/temporal-client";

/** `workflow`: decides. `io`: short activities. `cpu`: steps of pipelines on this machine. */
export const WORKER_ROLES = ["workflow", "io", "cpu"] as const;
export type WorkerRole = (typeof WORKER_ROLES)[number];

/** The bundle that the build wrote beside the built worker; from source, the workflows are bundled at start. */
export function workflowSource(): Pick<WorkerOptions, "workflowBundle" | "workflowsPath" | "bundlerOptions"> {
  const built = fileURLToPath(new URL("./workflow-bundle.js", import.meta.url));
  if (existsSync(built)) return { workflowBundle: { codePath: built } };
  const root = fileURLToPath(new URL("..", import.meta.url));
  return {
    workflowsPath: fileURLToPath(new URL("./index.ts", import.meta.url)),
    bundlerOptions: {
      webpackConfigHook: (webpack) => ({
        ...webpack,
        resolve: { ...webpack.resolve, alias: { ...webpack.resolve?.alias, "@": root } },
      }),
    },
  };
}

function rolesOf(ctx: ServiceContext): ReadonlySet<WorkerRole> {
  const known = WORKER_ROLES.filter((role) => ctx.config.workerRoles.includes(role));
  const unknown = ctx.config.workerRoles.filter((role) => !known.some((candidate) => candidate === role));
  if (unknown.length > 0 || known.length === 0) {
    throw new Error(
      `COUNTERSIGN_WORKER_ROLES takes ${WORKER_ROLES.join(", ")}; found "${ctx.config.workerRoles.join(",")}".`,
    );
  }
  return new Set(known);
}

const LEVELS = { TRACE: "trace", DEBUG: "debug", INFO: "info", WARN: "warn", ERROR: "error" } as const;

/** Temporal's own log goes through ours, and signals stay with the process, whose context closes last. Once a process. */
export function installRuntime(ctx: ServiceContext): void {
  const logger = new DefaultLogger("WARN", (entry) =>
    ctx.log[LEVELS[entry.level]]({ temporal: entry.meta }, entry.message),
  );
  Runtime.install({ logger, shutdownSignals: [] });
}

export type WorkerHost = { readonly run: () => Promise<void>; readonly stop: () => void };

/** Activities under the names by which workflows call them. */
export type Activities = NonNullable<WorkerOptions["activities"]>;

/** Temporal workers of this process, one a queue. `run` ends after `stop`, when the work in hand is done or handed back. */
export async function createWorkers(ctx: ServiceContext, activities: Activities): Promise<WorkerHost> {
  const roles = rolesOf(ctx);
  const { namespace, taskQueue } = ctx.config.temporal;
  const connection = await NativeConnection.connect(temporalConnectionOptions(ctx.config));
  const shared = {
    connection,
    namespace,
    identity: `${process.pid}@${os.hostname()}`,
    shutdownGraceTime: 0,
    shutdownForceTime: "20 seconds",
    // A heartbeat brings back a cancellation, so this bounds how late a step hears of it.
    maxHeartbeatThrottleInterval: "1 second",
  } satisfies Partial<WorkerOptions>;
  const workers: Worker[] = [];
  if (roles.has("workflow") || roles.has("io")) {
    workers.push(
      await Worker.create({
        ...shared,
        taskQueue,
        ...(roles.has("workflow") && workflowSource()),
        ...(roles.has("io") && { activities }),
      }),
    );
  }
  if (roles.has("workflow") || roles.has("cpu")) {
    const capacity = Math.max(4, os.availableParallelism());
    workers.push(
      await Worker.create({
        ...shared,
        taskQueue: stepQueueOf(taskQueue),
        ...(roles.has("workflow") && workflowSource()),
        ...(roles.has("cpu") && { activities, maxConcurrentActivityTaskExecutions: capacity }),
      }),
    );
  }
  const stop = () => {
    for (const worker of workers) if (worker.getState() === "RUNNING") worker.shutdown();
  };
  return {
    stop,
    run: async () => {
      try {
        await Promise.all(workers.map((worker) => worker.run()));
      } finally {
        stop();
        await connection.close();
      }
    },
  };
}
