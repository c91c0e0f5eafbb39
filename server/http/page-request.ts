import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { ADDRESS_HEADER, PATH_HEADER } from "../auth/client-address";
import type { Config } from "../config/config";

/** Pages, tRPC calls and forms are small; files go through our own routes, which count what they read. */
const BODY_LIMIT_BYTES = 2 * 1024 * 1024;

type Site = Pick<Config, "url" | "isDevelopment" | "isBehindProxy">;

/**
 * Readies a request for Next: refuses a body that is too large or of unknown size, notes the peer's address, and
 * sets the headers that keep a page safe. Returns false where it has answered already.
 */
export function preparePageRequest(site: Site, request: IncomingMessage, response: ServerResponse): boolean {
  const refusal = bodyRefusal(request);
  if (refusal) {
    response.writeHead(refusal.status, { "content-type": "application/json", connection: "close" });
    response.end(JSON.stringify({ error: refusal.error, message: refusal.message }));
    return false;
  }
  const nonce = randomBytes(16).toString("base64");
  const policy = contentSecurityPolicy(nonce, site.isDevelopment);
  // Next reads the nonce for its own scripts from this request header; whatever the client sent is overwritten.
  request.headers["content-security-policy"] = policy;
  request.headers["x-nonce"] = nonce;
  request.headers[PATH_HEADER] = request.url ?? "/";
  request.headers[ADDRESS_HEADER] = peerAddress(request, site.isBehindProxy);
  response.setHeader("content-security-policy", policy);
  for (const [name, value] of Object.entries(SAFETY_HEADERS)) response.setHeader(name, value);
  if (site.url.startsWith("https:")) response.setHeader("strict-transport-security", "max-age=31536000");
  return true;
}

export const SAFETY_HEADERS = {
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  // One-time links have their secret in the path: it never leaves this site. (`no-referrer` would blank `Origin` too.)
  "referrer-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
} as const;

/** What our own routes answer is data: a browser that opens it (an artefact, say) runs nothing of it. */
export const DATA_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox";

/** Scripts only of this site and with the nonce. Styles may stand inline: the server renders positions into them. */
function contentSecurityPolicy(nonce: string, isDevelopment: boolean): string {
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}'${isDevelopment ? " 'unsafe-eval'" : ""}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    `connect-src 'self'${isDevelopment ? " ws:" : ""}`,
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}

function bodyRefusal(
  request: IncomingMessage,
): { readonly status: number; readonly error: string; readonly message: string } | null {
  if (request.headers["transfer-encoding"])
    return { status: 411, error: "invalid_input", message: "Send the length of the body." };
  if (Number(request.headers["content-length"] ?? 0) <= BODY_LIMIT_BYTES) return null;
  return {
    status: 413,
    error: "too_large",
    message: `A request to this address may have at most ${BODY_LIMIT_BYTES} bytes.`,
  };
}

/** The socket's peer; behind a proxy of ours the last address that this proxy appended. */
function peerAddress(request: IncomingMessage, isBehindProxy: boolean): string {
  const forwarded = isBehindProxy
    ? String(request.headers["x-forwarded-for"] ?? "")
        .split(",")
        .at(-1)
        ?.trim()
    : "";
  return forwarded || (request.socket.remoteAddress ?? "unknown");
}
