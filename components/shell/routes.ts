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
  deployments: (slug: string) => route("p", slug, "deployments"),
  audit: (slug: string) => route("p", slug, "audit"),
  settings: (slug: string) => route("p", slug, "settings"),
} as const;

/** Keeps a query with a route: `withQuery(routes.models(slug), { state: "open" })`. */
export function withQuery(to: Route, query: Readonly<Record<string, string>>): Route {
  return `${to}?${new URLSearchParams(query).toString()}` as Route;
}
