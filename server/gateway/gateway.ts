import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import type { ServiceContext } from "../context";
import { DeploymentSet } from "./deployment-set";
import { ModelHost } from "./model-host";
import { PredictionSpool } from "./prediction-spool";
import { createRequestHandler } from "./request-handler";
import { SpoolShipper } from "./spool-shipper";
import { SyncLoop } from "./sync-loop";
import { TokenCache } from "./token-cache";

export type Gateway = { readonly url: string; readonly instance: string; readonly close: () => Promise<void> };

const TOKENS_SAVED_EVERY_MS = 2_000;
const LAST_SHIPMENT_MS = 3_000;

/** Starts serving: first from what the folder holds, then as Postgres wants it. Port 0 takes a free one. */
export async function startGateway(
  ctx: ServiceContext,
  at: { readonly host: string; readonly port: number },
): Promise<Gateway> {
  const folder = path.join(ctx.config.dataDir, "gateway");
  const spoolFolder = path.join(folder, "spool");
  const shipper = new SpoolShipper(ctx.sql, spoolFolder, ctx.log);
  const spool = await PredictionSpool.open(spoolFolder, ctx.log, () => shipper.wake());
  const tokens = new TokenCache(ctx, folder);
  await tokens.load();
  // The loop and the set know each other: a model that became ready is reported at once.
  const links: { sync?: SyncLoop } = {};
  const set: DeploymentSet = new DeploymentSet(
    (deployment) =>
      new ModelHost({
        digest: deployment.digest,
        signature: deployment.signature,
        locate: (digest) => ctx.blobs.localPath(digest),
        log: ctx.log,
        onChange: () => {
          set.settle();
          links.sync?.wake();
        },
      }),
  );
  const handle = createRequestHandler({
    set,
    tokens,
    internalSecret: ctx.config.internalSecret,
    record: (line) => spool.append(line),
    log: ctx.log,
  });
  const server = createServer({ requestTimeout: 30_000, headersTimeout: 10_000, keepAliveTimeout: 65_000 }, handle);
  const url = await listen(server, at);
  const instance = `${os.hostname()}:${new URL(url).port}`;
  const sync = new SyncLoop(ctx, { set, identity: { instance, address: url }, folder });
  links.sync = sync;
  await sync.start();
  shipper.start();
  const saving = setInterval(
    () => void tokens.save().catch((error: unknown) => ctx.log.warn({ err: error }, "tokens could not be kept")),
    TOKENS_SAVED_EVERY_MS,
  );

  async function close(): Promise<void> {
    clearInterval(saving);
    await stopServer(server);
    await sync.close();
    await set.close();
    await tokens.save();
    await spool.close();
    await shipper.close(LAST_SHIPMENT_MS);
  }
  return { url, instance, close };
}

async function listen(
  server: Server,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  const { port: taken } = server.address() as AddressInfo;
  // Bound to every address, the machine's name is what others reach it by.
  const name = host === "0.0.0.0" || host === "::" ? os.hostname() : host;
  return `http://${name.includes(":") ? `[${name}]` : name}:${taken}`;
}

/** No new requests; those that run get five seconds. */
async function stopServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), 5_000);
  await closed;
  clearTimeout(timer);
}
