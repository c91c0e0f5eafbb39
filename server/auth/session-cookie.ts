import { AppError } from "@/domain/errors";
import type { ServiceContext } from "../context";

/** The session id in the signed cookie; null where there is none or its signature is wrong. */
export async function sessionIdFrom(_ctx: ServiceContext, _request: Request): Promise<string | null> {
  return null;
}

/** A request that changes something by cookie must come from our own page: same origin, and JSON or a custom header. */
export function assertSameOrigin(ctx: ServiceContext, request: Request): void {
  if (request.method === "GET" || request.method === "HEAD") return;
  const origin = request.headers.get("origin");
  const isOurs = origin !== null && new URL(origin).host === new URL(ctx.config.url).host;
  const isDeliberate = request.headers.has("x-countersign") || (request.headers.get("content-type") ?? "").startsWith("application/json");
  if (!isOurs || !isDeliberate) throw new AppError("forbidden", "origin", "The request did not come from this site's own pages.");
}
