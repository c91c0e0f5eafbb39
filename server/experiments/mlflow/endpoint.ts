import type { Context } from "hono";
import { type AppError, type ErrorCode, HTTP_STATUS } from "@/domain/errors";
import type { Permission } from "@/domain/identity/policy";
import type { Call, ErrorShape, Method, Routes } from "../../http/routes";
import { type Decoded, decode, type Fields } from "./decoder";

const MLFLOW_CODES = {
  invalid_input: "INVALID_PARAMETER_VALUE",
  unauthenticated: "UNAUTHENTICATED",
  forbidden: "PERMISSION_DENIED",
  not_found: "RESOURCE_DOES_NOT_EXIST",
  already_exists: "RESOURCE_ALREADY_EXISTS",
  conflict: "RESOURCE_CONFLICT",
  precondition_failed: "INVALID_PARAMETER_VALUE",
  too_large: "INVALID_PARAMETER_VALUE",
  rate_limited: "REQUEST_LIMIT_EXCEEDED",
  unavailable: "TEMPORARILY_UNAVAILABLE",
} as const satisfies Record<ErrorCode, string>;

/** The protocol answers these two with 400, whatever they are elsewhere. Nothing that a user can mend is a 5xx: clients retry those for minutes. */
const STATUS: Readonly<Record<ErrorCode, number>> = { ...HTTP_STATUS, already_exists: 400, precondition_failed: 400 };

export const mlflowErrors: ErrorShape = (error: AppError) => ({
  status: STATUS[error.code],
  body: { error_code: MLFLOW_CODES[error.code], message: error.message },
});

/** The API itself, and its twin for pages. */
export const PREFIXES = ["/api/2.0", "/ajax-api/2.0"] as const;

export type Endpoint<P extends Permission, F extends Fields> = {
  readonly method: Method;
  /** Below `/api/2.0`, such as `/mlflow/runs/create`. */
  readonly path: string;
  readonly permission: P;
  readonly request: F;
  readonly handle: (call: Call<P>, request: Decoded<F>) => Promise<object>;
};

/** Adds one endpoint under both prefixes: decodes, calls, answers 200 with a JSON object. */
export function endpoint<P extends Permission, F extends Fields>(routes: Routes, spec: Endpoint<P, F>): void {
  const handler = async (c: Context, call: Call<P>) =>
    Response.json(await spec.handle(call, await decode(c, spec.request)));
  for (const prefix of PREFIXES)
    routes.project(spec.method, `${prefix}${spec.path}`, spec.permission, handler, mlflowErrors);
}
