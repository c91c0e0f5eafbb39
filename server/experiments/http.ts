import type { Routes } from "../http/routes";
import { fileRoutes } from "./file-http";
import { artifactRoutes } from "./mlflow/artifact-http";
import { experimentEndpoints } from "./mlflow/experiment-http";
import { loggedModelRoutes } from "./mlflow/logged-model-http";
import { metricRoutes } from "./mlflow/metric-http";
import { runRoutes } from "./mlflow/run-http";
import { runLogRoutes } from "./mlflow/run-log-http";
import { runSearchRoutes } from "./mlflow/run-search-http";

/** The protocol release that this server speaks. Clients read it before they send spans, which it does not take. */
const PROTOCOL_VERSION = "2.22.0";

/** MLflow's tracking and artifact protocol. */
export function experimentRoutes(routes: Routes): void {
  routes.open("GET", "/version", "public", async () => new Response(PROTOCOL_VERSION));
  experimentEndpoints(routes);
  runRoutes(routes);
  runLogRoutes(routes);
  runSearchRoutes(routes);
  metricRoutes(routes);
  loggedModelRoutes(routes);
  artifactRoutes(routes);
  fileRoutes(routes);
}
