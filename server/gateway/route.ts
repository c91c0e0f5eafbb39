/** A request as the path and method name it. */
export type GatewayRoute =
  | { readonly kind: "live" | "ready" | "server" }
  | { readonly kind: "metadata" | "model_ready"; readonly model: string; readonly version: string | null }
  | { readonly kind: "infer"; readonly model: string; readonly version: string | null }
  | { readonly kind: "invocations"; readonly model: string }
  | { readonly kind: "internal_infer"; readonly deploymentId: string };

const FIXED: Readonly<Record<string, GatewayRoute>> = {
  "GET /v2/health/live": { kind: "live" },
  "GET /v2/health/ready": { kind: "ready" },
  "GET /v2": { kind: "server" },
};

const MODEL = /^\/v2\/models\/([^/]+)(?:\/versions\/([^/]+))?(?:\/(ready|infer))?$/;
const INVOCATIONS = /^\/models\/([^/]+)\/invocations$/;
const INTERNAL = /^\/internal\/deployments\/([0-9a-f-]{36})\/infer$/;

/** Null where there is no such route; `wrong_method` where the path exists with another method. */
export function matchRoute(method: string, path: string): GatewayRoute | "wrong_method" | null {
  const fixed = FIXED[`${method} ${path}`];
  if (fixed) return fixed;
  const [, model, version, act] = MODEL.exec(path) ?? [];
  if (model !== undefined) {
    const kind = act === "infer" ? "infer" : act === "ready" ? "model_ready" : "metadata";
    if (method !== (kind === "infer" ? "POST" : "GET")) return "wrong_method";
    return { kind, model: decoded(model), version: version === undefined ? null : decoded(version) };
  }
  const [, scored] = INVOCATIONS.exec(path) ?? [];
  if (scored !== undefined) return method === "POST" ? { kind: "invocations", model: decoded(scored) } : "wrong_method";
  const [, deploymentId] = INTERNAL.exec(path) ?? [];
  if (deploymentId !== undefined) return method === "POST" ? { kind: "internal_infer", deploymentId } : "wrong_method";
  return `GET ${path}` in FIXED ? "wrong_method" : null;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
