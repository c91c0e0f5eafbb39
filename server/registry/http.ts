import type { Routes } from "../http/routes";
import { versionFileRoutes } from "./file-http";
import { registeredModelRoutes } from "./mlflow/model-http";
import { registrySearchRoutes } from "./mlflow/search-http";
import { modelVersionRoutes } from "./mlflow/version-http";

/** MLflow's model registry. It cannot move an alias that follows what is deployed. */
export function registryRoutes(routes: Routes): void {
  registeredModelRoutes(routes);
  modelVersionRoutes(routes);
  registrySearchRoutes(routes);
  versionFileRoutes(routes);
}
