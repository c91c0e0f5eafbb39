import { config } from "../config/config";
import { openContext } from "../context";
import { startGateway } from "./gateway";

/** The gateway process: serves models, keeps serving without Postgres, and leaves in order. */
async function main(): Promise<void> {
  const ctx = openContext(config(), "gateway", 6);
  const gateway = await startGateway(ctx, { host: ctx.config.host, port: ctx.config.gatewayPort });
  ctx.log.info({ url: gateway.url, instance: gateway.instance }, "gateway is ready");
  const stop = async () => {
    await gateway.close();
    await ctx.close();
    process.exit(0);
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
}

await main();
