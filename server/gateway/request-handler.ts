import { timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { AppError, HTTP_STATUS } from "@/domain/errors";
import { invocationResponse, readInvocation } from "@/domain/serving/invocations";
import { inferResponse, modelMetadata, readInferRequest } from "@/domain/serving/oip";
import type { Outputs, PredictionRequest } from "@/domain/serving/types";
import { sha256 } from "../blobs/digest";
import { newId } from "../ids";
import type { Logger } from "../log/log";
import type { DeploymentSet, Served } from "./deployment-set";
import { failureLine, predictionLine } from "./prediction-record";
import { readJson } from "./read-body";
import { type GatewayRoute, matchRoute } from "./route";
import type { TokenCache } from "./token-cache";

export type HandlerParts = {
  readonly set: DeploymentSet;
  readonly tokens: TokenCache;
  readonly internalSecret: string;
  readonly record: (line: string) => void;
  readonly log: Logger;
};

type Exchange = {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
  readonly receivedAtMs: number;
  readonly started: number;
};
type ModelRoute = Extract<GatewayRoute, { readonly model: string }>;

/** Answers one HTTP request; every answer carries a request id. */
export function createRequestHandler(parts: HandlerParts) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    const exchange: Exchange = {
      request,
      response,
      requestId: newId(),
      receivedAtMs: Date.now(),
      started: performance.now(),
    };
    answer(parts, exchange).catch((error: unknown) => sendError(parts, exchange, error));
  };
}

async function answer(parts: HandlerParts, exchange: Exchange): Promise<void> {
  const [path = "/"] = (exchange.request.url ?? "/").split("?", 1);
  const route = matchRoute(exchange.request.method ?? "GET", path);
  if (route === null) throw new AppError("not_found", "route", `There is no ${exchange.request.method} ${path}.`);
  if (route === "wrong_method")
    return send(exchange, 405, { error: `${exchange.request.method} is not for ${path}.`, reason: "method" });
  switch (route.kind) {
    case "live":
      return send(exchange, 200, { live: true });
    case "ready":
      return send(exchange, parts.set.isReady ? 200 : 503, { ready: parts.set.isReady });
    case "server":
      return send(exchange, 200, { name: "countersign", version: "2", extensions: [] });
    case "internal_infer":
      return internalInfer(parts, exchange, route.deploymentId);
    case "metadata":
    case "model_ready":
      return tellOfModel(exchange, route.kind, await servedFor(parts, exchange, route));
    case "infer":
    case "invocations":
      return predict(parts, exchange, route);
  }
}

/** The deployment that a caller's token reaches: production by default, `staging` or the version's number by name. */
async function servedFor(parts: HandlerParts, exchange: Exchange, route: ModelRoute): Promise<Served> {
  const secret = bearerOf(exchange.request.headers.authorization);
  const named = exchange.request.headers["x-countersign-project"];
  const projectId = await parts.tokens.projectOf(secret, typeof named === "string" ? named : null);
  const version = "version" in route ? route.version : null;
  const served = parts.set.resolve(projectId, route.model, version === "staging" ? "staging" : "production");
  const isThere =
    version === null ||
    version === "staging" ||
    version === "production" ||
    version === String(served.deployment.version);
  if (!isThere)
    throw new AppError(
      "not_found",
      "version",
      `Version ${version} of ${route.model} is not in production; version ${served.deployment.version} is.`,
    );
  return served;
}

/** The secret of `Bearer …`, or the password of `Basic …`. */
function bearerOf(header: string | undefined): string {
  const [scheme = "", value = ""] = (header ?? "").split(" ", 2);
  if (/^bearer$/i.test(scheme) && value) return value;
  if (/^basic$/i.test(scheme)) {
    const text = Buffer.from(value, "base64").toString("utf8");
    return text.slice(text.indexOf(":") + 1);
  }
  throw new AppError("unauthenticated", "signed_out", "A token that may predict is needed: Authorization: Bearer …");
}

async function predict(
  parts: HandlerParts,
  exchange: Exchange,
  route: Extract<ModelRoute, { readonly kind: "infer" | "invocations" }>,
): Promise<void> {
  const { deployment, host } = await servedFor(parts, exchange, route);
  const { requestId, receivedAtMs } = exchange;
  let eventTimeMs = receivedAtMs;
  const infer = async () => {
    const body = await readJson(exchange.request);
    const read = route.kind === "infer" ? readInferRequest : readInvocation;
    const request = read(body, deployment.signature, receivedAtMs);
    eventTimeMs = request.eventTimes[0] ?? receivedAtMs;
    return { request, outputs: await host.predict(request.rows) };
  };
  const { request, outputs } = await infer().catch((error: unknown) => {
    parts.record(failureLine({ requestId, deployment, receivedAtMs, eventTimeMs, ...causeOf(error) }));
    throw error;
  });
  const latencyMicros = Math.round((performance.now() - exchange.started) * 1_000);
  parts.record(predictionLine({ requestId, deployment, request, outputs, receivedAtMs, latencyMicros }));
  const answered =
    route.kind === "infer"
      ? inferAnswer(exchange, { deployment, host }, request, outputs)
      : invocationResponse(outputs, { rows: request.rows.length, requestId });
  send(exchange, 200, answered);
}

/** Whose fault it was, for the failure's record: a request that the contract refuses, or the product's own. */
function causeOf(error: unknown) {
  const isRefused = error instanceof AppError && HTTP_STATUS[error.code] < 500;
  return {
    kind: isRefused ? ("refused" as const) : ("failed" as const),
    reason: error instanceof AppError ? error.reason : "fault",
  };
}

function inferAnswer(exchange: Exchange, { deployment }: Served, request: PredictionRequest, outputs: Outputs) {
  return inferResponse(outputs, {
    model: deployment.model,
    version: deployment.version,
    requestId: exchange.requestId,
    clientId: request.clientId,
    rows: request.rows.length,
  });
}

/** Asks a deployment that may have no traffic yet, for its smoke test. Not a prediction, so it is not logged as one. */
async function internalInfer(parts: HandlerParts, exchange: Exchange, deploymentId: string): Promise<void> {
  const { headers } = exchange.request;
  const given = headers["x-countersign-internal"] ?? headers.authorization?.replace(/^Bearer /i, "");
  if (typeof given !== "string" || !isSame(given, parts.internalSecret))
    throw new AppError("unauthenticated", "internal", "This route is for the product itself.");
  const served = parts.set.byId(deploymentId);
  const request = readInferRequest(
    await readJson(exchange.request),
    served.deployment.signature,
    exchange.receivedAtMs,
  );
  const outputs = await served.host.predict(request.rows);
  send(exchange, 200, inferAnswer(exchange, served, request, outputs));
}

/** Compared by digests, so that neither content nor length shows in the time it takes. */
function isSame(given: string, wanted: string): boolean {
  return timingSafeEqual(Buffer.from(sha256(given)), Buffer.from(sha256(wanted)));
}

function tellOfModel(exchange: Exchange, kind: "metadata" | "model_ready", { deployment, host }: Served): void {
  const { isReady } = host.state;
  if (kind === "metadata") send(exchange, 200, modelMetadata(deployment.signature, deployment));
  else send(exchange, isReady ? 200 : 503, { name: deployment.model, ready: isReady });
}

function send({ response, requestId }: Exchange, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(text),
    "x-request-id": requestId,
  });
  response.end(text);
}

function sendError(parts: HandlerParts, exchange: Exchange, error: unknown): void {
  const { request, response, requestId } = exchange;
  const isExpected = error instanceof AppError;
  if (!isExpected) parts.log.error({ err: error, requestId }, "request");
  else if (error.code === "unavailable") parts.log.warn({ reason: error.reason, requestId }, "request");
  if (response.headersSent || response.destroyed) return;
  // A body that was not read to its end would be taken for the next request on this connection.
  if (!request.complete) response.setHeader("connection", "close");
  const status = isExpected ? (error.reason === "content_type" ? 415 : HTTP_STATUS[error.code]) : 500;
  if (status === 503) response.setHeader("retry-after", "1");
  const message = isExpected ? error.message : `Something went wrong. Request ${requestId}.`;
  send(exchange, status, { error: message, reason: isExpected ? error.reason : "fault", request_id: requestId });
}
