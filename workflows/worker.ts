import { DefaultLogger, Runtime } from "@temporalio/worker";
import { config } from "@/server/config/config";
import { openContext, type ServiceContext } from "@/server/context";
import { localProcessExecutor } from "@/server/executors/local-process";
import { openTemporalClient } from "@/server/outbox/temporal-client";
import { startBackground } from "./background";
import { createWorkers } from "./workers";

/** Temporal's own log goes through ours; signals are handled here, so that the context closes last. */
function installRuntime(ctx: ServiceContext): void {
  const level = { TRACE: "trace", DEBUG: "debug", INFO: "info", WARN: "warn", ERROR: "error" } as const;
  const logger = new DefaultLogger("WARN", (entry) => ctx.log[level[entry.level]]({ temporal: entry.meta }, entry.message));
  Runtime.install({ logger, shutdownSignals: [] });
}

/** The worker process: Temporal workers of its roles, the outbox relay, the reconciler and the sealers. */
async function main(): Promise<void> {
  const ctx = openContext(config(), "worker", 20);
  installRuntime(ctx);
  const services = { ctx, executor: localProcessExecutor(ctx) };
  const temporal = openTemporalClient(ctx.config);
  const workers = await createWorkers(services);
  const background = await startBackground(services, temporal.client);
  process.once("SIGTERM", workers.stop);
  process.once("SIGINT", workers.stop);
  ctx.log.info({ roles: ctx.config.workerRoles, taskQueue: ctx.config.temporal.taskQueue }, "worker is ready");
  await workers.run();
  await background.stop();
  await temporal.close();
  await ctx.close();
}

await main();
