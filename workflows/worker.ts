import { config } from "@/server/config/config";
import { openContext } from "@/server/context";
import { localProcessExecutor } from "@/server/executors/local-process";
import { openTemporalClient } from "@/server/outbox/temporal-client";
import { createActivities } from "./activities";
import { startBackground } from "./background";
import { createWorkers, installRuntime } from "./workers";

/** The worker process: Temporal workers of its roles, the outbox relay, the reconciler and the sealers. */
async function main(): Promise<void> {
  const ctx = openContext(config(), "worker", 20);
  installRuntime(ctx);
  const services = { ctx, executor: localProcessExecutor(ctx) };
  const temporal = openTemporalClient(ctx.config);
  const workers = await createWorkers(ctx, createActivities(services));
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
