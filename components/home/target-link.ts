import type { Route } from "next";
import type { RouterOutputs } from "../providers/trpc";
import { routes, withQuery } from "../shell/routes";

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
    case "monitors":
      return routes.monitors(slug);
    case "monitor":
      return routes.monitor(slug, target.number);
    case "alert":
      return routes.alert(slug, target.number);
    case "retraining":
      return routes.retraining(slug);
    case "feedbackItem":
      return routes.feedbackItem(slug, target.number);
    case "promotion":
      return routes.promotion(slug, target.number);
    case "reviews":
      return routes.reviews(slug);
    case "review":
      return target.thread === null
        ? routes.review(slug, target.number)
        : routes.reviewThread(slug, target.number, target.thread);
    case "experimentRun":
      return routes.experimentRun(slug, target.id);
    case "audit":
      return routes.audit(slug);
    case "pipelineRun":
      return routes.pipelineRun(slug, target.number);
    case "dataset":
      return routes.dataset(slug, target.name);
    case "pipeline":
      return routes.pipeline(slug, target.name);
    case "experiment":
      return routes.experiment(slug, target.name);
    case "featureView":
      return withQuery(routes.featureView(slug, target.name), { version: String(target.version) });
    case "modelVersion":
      return routes.modelVersion(slug, target.name, target.version);
  }
}
