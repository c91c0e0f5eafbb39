import type { Route } from "next";
import type { RouterOutputs } from "../providers/trpc";
import { routes } from "../shell/routes";

type Target = NonNullable<RouterOutputs["notifications"]["changed"]["changes"][number]["target"]>;

/** The address of the screen that shows what a notice or a change is about. */
export function hrefOf(slug: string, target: Target): Route {
  switch (target.screen) {
    case "project":
      return routes.project(slug);
    case "promotions":
      return routes.promotions(slug);
    case "deployments":
      return routes.deployments(slug);
    case "promotion":
      return routes.promotion(slug, target.number);
    case "pipelineRun":
      return routes.pipelineRun(slug, target.number);
    case "dataset":
      return routes.dataset(slug, target.name);
    case "pipeline":
      return routes.pipeline(slug, target.name);
    case "experiment":
      return routes.experiment(slug, target.name);
    case "modelVersion":
      return routes.modelVersion(slug, target.name, target.version);
  }
}
