import { decode } from "next-auth/jwt";
import { AppError } from "@/domain/errors";
import type { ServiceContext } from "../context";

/** How long a session lasts without signing in again. */
export const SESSION_LIFETIME_MS = 7 * 24 * 3_600_000;

type Site = { readonly config: Pick<ServiceContext["config"], "url" | "authSecret"> };

export function isSecureSite(ctx: Site): boolean {
  return ctx.config.url.startsWith("https:");
}

/** Auth.js' name of the session cookie; over https browsers enforce the prefix. */
export function sessionCookieName(ctx: Site): string {
  return isSecureSite(ctx) ? "__Secure-authjs.session-token" : "authjs.session-token";
}

/** The session id in the signed cookie; null where there is none or it was tampered with. Says nothing about revocation. */
export async function sessionIdFrom(ctx: Site, request: Pick<Request, "headers">): Promise<string | null> {
  const name = sessionCookieName(ctx);
  const token = cookieValue(request.headers.get("cookie") ?? "", name);
  if (token === "") return null;
  try {
    const payload = await decode<{ sid?: unknown }>({ token, secret: ctx.config.authSecret, salt: name });
    return typeof payload?.sid === "string" ? payload.sid : null;
  } catch {
    return null; // Not ours, expired or changed: as good as none.
  }
}

/** Joins the chunks `name.0`, `name.1` … into which a long cookie is cut; "" where there is none. */
function cookieValue(header: string, name: string): string {
  const parts: { readonly order: number; readonly value: string }[] = [];
  for (const pair of header.split(";")) {
    const cut = pair.indexOf("=");
    const key = pair.slice(0, cut).trim();
    const suffix = key.slice(name.length);
    if (cut > 0 && key.startsWith(name) && /^(\.\d+)?$/.test(suffix)) {
      parts.push({ order: suffix === "" ? 0 : Number(suffix.slice(1)), value: pair.slice(cut + 1).trim() });
    }
  }
  return parts
    .sort((a, b) => a.order - b.order)
    .map((part) => part.value)
    .join("");
}

const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** Whether a page at `origin` is one of ours. On this machine the three names of the loopback are one. */
function isOwnOrigin(ctx: Site, origin: string): boolean {
  const own = new URL(ctx.config.url);
  if (!URL.canParse(origin)) return false;
  const other = new URL(origin);
  if (own.origin === other.origin) return true;
  return (
    LOOPBACK.has(own.hostname) &&
    LOOPBACK.has(other.hostname) &&
    own.port === other.port &&
    own.protocol === other.protocol
  );
}

function changesNothing(request: Request): boolean {
  return request.method === "GET" || request.method === "HEAD";
}

/** A request that changes something by cookie must come from our own page: same origin, and JSON or a custom header. */
export function assertSameOrigin(ctx: Site, request: Request): void {
  if (changesNothing(request)) return;
  const isOurs = isOwnOrigin(ctx, request.headers.get("origin") ?? "");
  const isDeliberate =
    request.headers.has("x-countersign") || (request.headers.get("content-type") ?? "").startsWith("application/json");
  if (!isOurs || !isDeliberate)
    throw new AppError("forbidden", "origin", "The request did not come from this site's own pages.");
}

/** Without a session too, another site's page may not send a change: signing somebody in is one. A program sends no origin. */
export function assertNotForeign(ctx: Site, request: Request): void {
  const origin = request.headers.get("origin");
  if (changesNothing(request) || origin === null || isOwnOrigin(ctx, origin)) return;
  throw new AppError("forbidden", "origin", "The request did not come from this site's own pages.");
}
