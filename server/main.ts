import { createServer } from "node:http";
import { getRequestListener } from "@hono/node-server";
import next from "next";
import { createHttpApp } from "./http/app";
import { preparePageRequest } from "./http/page-request";
import { processContext } from "./process";

/** The web process: our own routes first, Next for the rest, on one port. */
async function main(): Promise<void> {
  const services = processContext();
  const { host, port, isDevelopment } = services.config;
  const server = createServer();
  const pages = next({ dev: isDevelopment, hostname: host, port, httpServer: server });
  await pages.prepare();
  const handlePage = pages.getRequestHandler();
  const { app, owns } = createHttpApp(services);
  const handleOwn = getRequestListener(app.fetch, { hostname: host });
  server.on("request", (request, response) => {
    const path = (request.url ?? "/").split("?", 1)[0] ?? "/";
    if (owns(path)) void handleOwn(request, response);
    else if (preparePageRequest(services.config, request, response)) void handlePage(request, response);
  });
  server.listen(port, host, () => services.log.info({ host, port }, "web is ready"));

  const stop = async () => {
    server.close();
    server.closeAllConnections();
    await pages.close();
    await services.close();
    process.exit(0);
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
}

await main();
