import { existsSync } from "node:fs";
import os from "node:os";
import { fileURLToPath } from "node:url";
import { NativeConnection, Worker, type WorkerOptions } from "@temporalio/worker";
import type { ServiceContext } from "@/server/context";
import { temporalConnectionOptions } from "@/server/outbox/temporal-client";
import { createActivities, type WorkerServices } from "./activities";
import { stepQueueOf } from "./queues";

/** `workflow`: decides. `io`: short activities. `cpu`: steps of pipelines on this machine. */
export const WORKER_ROLES = ["workflow", "io", "cpu"] as const;
export type WorkerRole = (typeof WORKER_ROLES)[number];

/** The bundle that the build wrote beside the built worker; from source, the workflows are bundled at start. */
function workflowSource(): Pick<WorkerOptions, "workflowBundle" | "workflowsPath" | "bundlerOptions"> {
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
    throw new Error(`COUNTERSIGN_WORKER_ROLES takes ${WORKER_ROLES.join(", ")}; found "${ctx.config.workerRoles.join(",")}".`);
  }
  return new Set(known);
}

export type WorkerHost = { readonly run: () => Promise<void>; readonly stop: () => void };

/** Temporal workers of this process, one a queue. `run` ends after `stop`, when the work in hand is done or handed back. */
export async function createWorkers(services: WorkerServices): Promise<WorkerHost> {
  const { ctx } = services;
  const roles = rolesOf(ctx);
  const { namespace, taskQueue } = ctx.config.temporal;
  const connection = await NativeConnection.connect(temporalConnectionOptions(ctx.config));
  const activities = createActivities(services);
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
  if (roles.has("cpu")) {
    const capacity = Math.max(4, os.availableParallelism());
    workers.push(await Worker.create({ ...shared, taskQueue: stepQueueOf(taskQueue), activities, maxConcurrentActivityTaskExecutions: capacity }));
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
