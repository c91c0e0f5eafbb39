import { Hono } from "hono";
import { auditRoutes } from "../audit/http";
import type { ServiceContext } from "../context";
import { dataRoutes } from "../data/http";
import { experimentRoutes } from "../experiments/http";
import { featureRoutes } from "../features/http";
import { monitoringRoutes } from "../monitoring/http";
import { notificationRoutes } from "../notifications/http";
import { pipelineRoutes } from "../pipelines/http";
import { registryRoutes } from "../registry/http";
import { createRoutes } from "./routes";

/** First path segments that are ours; Next gets everything else. Unknown paths below them are answered here, as JSON. */
const OWN_PATHS = [
  /^\/health$/,
  /^\/version$/,
  /^\/api\/(?!trpc\/|auth\/)/,
  /^\/ajax-api\//,
  /^\/get-artifact$/,
  /^\/\/?model-versions\/get-artifact$/,
];

/** The HTTP surface before Next: everything that streams, or that must reach a handler unchanged. */
export function createHttpApp(services: ServiceContext) {
  const routes = createRoutes(new Hono(), services);
  routes.open("GET", "/health", "public", async () => new Response("OK"));
  auditRoutes(routes);
  dataRoutes(routes);
  monitoringRoutes(routes);
  notificationRoutes(routes, services);
  pipelineRoutes(routes);
  experimentRoutes(routes);
  registryRoutes(routes);
  featureRoutes(routes);
  routes.app.notFound((c) =>
    c.json(
      { error: "not_found", error_code: "ENDPOINT_NOT_FOUND", message: `There is no ${c.req.method} ${c.req.path}.` },
      404,
    ),
  );
  return { ...routes, owns: (path: string) => OWN_PATHS.some((pattern) => pattern.test(path)) };
}
