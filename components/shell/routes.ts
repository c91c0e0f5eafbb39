import type { Route } from "next";

/**
 * Addresses of the product, one builder a screen. Next's typed routes know literal paths alone; these are made
 * from ids and names that were encoded here, so the cast below is the only one.
 */
function route(...parts: readonly (string | number)[]): Route {
  return `/${parts.map((part) => encodeURIComponent(part)).join("/")}` as Route;
}

export const routes = {
  home: () => "/" as Route,
  account: () => route("account"),
  admin: () => route("admin"),
  newProject: () => route("new-project"),
  project: (slug: string) => route("p", slug),
  datasets: (slug: string) => route("p", slug, "data"),
  dataset: (slug: string, dataset: string) => route("p", slug, "data", dataset),
  features: (slug: string) => route("p", slug, "features"),
  featureView: (slug: string, view: string) => route("p", slug, "features", view),
  pipelines: (slug: string) => route("p", slug, "pipelines"),
  pipeline: (slug: string, pipeline: string) => route("p", slug, "pipelines", pipeline),
  pipelineRun: (slug: string, number: number) => route("p", slug, "pipelines", "runs", number),
  experiments: (slug: string) => route("p", slug, "experiments"),
  experiment: (slug: string, experiment: string) => route("p", slug, "experiments", experiment),
  experimentRun: (slug: string, run: string) => route("p", slug, "experiments", "runs", run),
  compareRuns: (slug: string) => route("p", slug, "experiments", "runs", "compare"),
  models: (slug: string) => route("p", slug, "models"),
  model: (slug: string, model: string) => route("p", slug, "models", model),
  modelVersion: (slug: string, model: string, version: number) => route("p", slug, "models", model, version),
  promotions: (slug: string) => route("p", slug, "promotions"),
  promotion: (slug: string, number: number) => route("p", slug, "promotions", number),
  newPromotion: (slug: string) => route("p", slug, "promotions", "new"),
  policies: (slug: string) => route("p", slug, "promotions", "policies"),
  reviews: (slug: string) => route("p", slug, "reviews"),
  review: (slug: string, number: number) => route("p", slug, "reviews", number),
  reviewThread: (slug: string, number: number, thread: string) =>
    `${route("p", slug, "reviews", number)}#thread-${thread}` as Route,
  deployments: (slug: string) => route("p", slug, "deployments"),
  monitors: (slug: string) => route("p", slug, "monitors"),
  newMonitor: (slug: string) => route("p", slug, "monitors", "new"),
  monitor: (slug: string, number: number) => route("p", slug, "monitors", number),
  alert: (slug: string, number: number) => route("p", slug, "monitors", "alerts", number),
  feedback: (slug: string) => route("p", slug, "feedback"),
  feedbackItem: (slug: string, number: number) => route("p", slug, "feedback", number),
  retraining: (slug: string) => route("p", slug, "feedback", "retraining"),
  lineage: (slug: string) => route("p", slug, "lineage"),
  audit: (slug: string) => route("p", slug, "audit"),
  processMap: (slug: string) => route("p", slug, "process"),
  settings: (slug: string) => route("p", slug, "settings"),
} as const;

/** Keeps a query with a route: `withQuery(routes.models(slug), { state: "open" })`. */
export function withQuery(to: Route, query: Readonly<Record<string, string>>): Route {
  return `${to}?${new URLSearchParams(query).toString()}` as Route;
}
