/** A request as the path and method name it. */
export type GatewayRoute =
  | { readonly kind: "live" | "ready" | "server" }
  | { readonly kind: "metadata" | "model_ready"; readonly model: string; readonly version: string | null }
  | { readonly kind: "infer"; readonly model: string; readonly version: string | null }
  | { readonly kind: "invocations"; readonly model: string }
  | { readonly kind: "internal_infer"; readonly deploymentId: string };

const FIXED: Readonly<Record<string, GatewayRoute>> = {
  "/v2/health/live": { kind: "live" },
  "/v2/health/ready": { kind: "ready" },
  "/v2": { kind: "server" },
};

const MODEL = /^\/v2\/models\/([^/]+)(?:\/versions\/([^/]+))?(?:\/(ready|infer))?$/;
const INVOCATIONS = /^\/models\/([^/]+)\/invocations$/;
const INTERNAL = /^\/internal\/deployments\/([0-9a-f-]{36})\/infer$/;

const METHODS: Readonly<Record<GatewayRoute["kind"], "GET" | "POST">> = {
  live: "GET",
  ready: "GET",
  server: "GET",
  metadata: "GET",
  model_ready: "GET",
  infer: "POST",
  invocations: "POST",
  internal_infer: "POST",
};

/** Null where there is no such route; `wrong_method` where the path exists with another method. */
export function matchRoute(method: string, path: string): GatewayRoute | "wrong_method" | null {
  const route = FIXED[path] ?? modelRoute(path) ?? otherRoute(path);
  return route && METHODS[route.kind] !== method ? "wrong_method" : route;
}

function modelRoute(path: string): GatewayRoute | null {
  const [, model, version, act] = MODEL.exec(path) ?? [];
  if (model === undefined) return null;
  const kind = act === "infer" ? "infer" : act === "ready" ? "model_ready" : "metadata";
  return { kind, model: decoded(model), version: version === undefined ? null : decoded(version) };
}

function otherRoute(path: string): GatewayRoute | null {
  const [, scored] = INVOCATIONS.exec(path) ?? [];
  if (scored !== undefined) return { kind: "invocations", model: decoded(scored) };
  const [, deploymentId] = INTERNAL.exec(path) ?? [];
  return deploymentId === undefined ? null : { kind: "internal_infer", deploymentId };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
