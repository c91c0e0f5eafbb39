import type { Context, Hono } from "hono";
import { AppError, HTTP_STATUS } from "@/domain/errors";
import type { Permission } from "@/domain/identity/policy";
import { authenticate } from "../auth/authenticate";
import type { Actor } from "../authz/actor";
import { authorize, type Scope } from "../authz/authorize";
import { assertTokenScopeAttempt, authorizeAttempt } from "../authz/authorize-attempt";
import { forRequest, type ServiceContext } from "../context";
import { newId } from "../ids";
import { DATA_POLICY, SAFETY_HEADERS } from "./page-request";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** What a handler gets: request-scoped services, who asks, and the checked scope where the route has a permission. */
export type Call<P extends Permission> = {
  readonly ctx: ServiceContext;
  readonly actor: Actor;
  readonly scope: Scope<P>;
};
export type OpenCall = { readonly ctx: ServiceContext; readonly actor: Actor | null };

type Declared = {
  readonly method: Method;
  readonly path: string;
  readonly access: Permission | "public" | "signed_in";
};

/** Turns an error into an answer; MLflow's routes have a shape of their own. */
export type ErrorShape = (error: AppError, requestId: string) => { readonly status: number; readonly body: unknown };

const plainErrors: ErrorShape = (error, requestId) => ({
  status: HTTP_STATUS[error.code],
  body: {
    error: error.code,
    reason: error.reason,
    message: error.message,
    requestId,
    ...(error.details && { details: error.details }),
  },
});

/**
 * Collects the HTTP routes of the domains. Each declares its access, which a test lists; each is
 * authenticated (session cookie, bearer or basic token) and authorised before its handler runs.
 */
export function createRoutes(app: Hono, services: ServiceContext) {
  const declared: Declared[] = [];

  async function answer(
    c: Context,
    shape: ErrorShape,
    work: (ctx: ServiceContext) => Promise<Response>,
  ): Promise<Response> {
    const ctx = forRequest(services, newId());
    const started = performance.now();
    const line = () => ({ method: c.req.method, path: c.req.path, ms: Math.round(performance.now() - started) });
    try {
      const response = await work(ctx);
      for (const [name, value] of Object.entries(safety(ctx.requestId))) response.headers.set(name, value);
      ctx.log.debug({ ...line(), status: response.status }, "request");
      return response;
    } catch (error) {
      const isExpected = error instanceof AppError;
      if (isExpected) ctx.log.info({ ...line(), outcome: error.code, reason: error.reason }, "request");
      else ctx.log.error({ ...line(), err: error }, "request");
      const known = isExpected
        ? error
        : new AppError("unavailable", "fault", `Something went wrong. Request ${ctx.requestId}.`);
      const { status, body } = shape(known, ctx.requestId);
      return Response.json(body, { status, headers: { ...safety(ctx.requestId), ...retryAfter(known) } });
    }
  }

  /** A route that needs nobody, or anybody who is known. */
  function open(
    method: Method,
    path: string,
    access: "public" | "signed_in",
    handler: (c: Context, call: OpenCall) => Promise<Response>,
    shape = plainErrors,
  ) {
    declared.push({ method, path, access });
    app.on(method, path, (c) =>
      answer(c, shape, async (ctx) => {
        const actor = await authenticate(ctx, c.req.raw);
        if (access === "signed_in" && !actor)
          throw new AppError("unauthenticated", "signed_out", "A valid token or session is needed.");
        if (access === "signed_in" && actor) await assertTokenScopeAttempt(ctx, { actor, isChange: method !== "GET" });
        return handler(c, { ctx, actor });
      }),
    );
  }

  /**
   * A route with a permission on a project: the path's `:projectId`, else the token's own project. Of several
   * permissions one is enough; the last is the one that the route declares, and that a refusal names.
   */
  function project<P extends Permission>(
    method: Method,
    path: string,
    permission: P | readonly [...P[], P],
    handler: (c: Context, call: Call<P>) => Promise<Response>,
    shape = plainErrors,
  ) {
    const permissions: readonly P[] = typeof permission === "string" ? [permission] : permission;
    const last = permissions[permissions.length - 1];
    if (last === undefined) throw new Error(`${method} ${path} declares no permission.`);
    declared.push({ method, path, access: last });
    app.on(method, path, (c) =>
      answer(c, shape, async (ctx) => {
        const actor = await authenticate(ctx, c.req.raw);
        if (!actor) throw new AppError("unauthenticated", "signed_out", "A valid token or session is needed.");
        const projectId = projectOf(c, actor);
        for (const other of permissions.slice(0, -1)) {
          const scope = await scopeOrNull(ctx, actor, other, projectId);
          if (scope) return handler(c, { ctx, actor, scope });
        }
        const attempt = { actor, permission: last, projectId, isChange: method !== "GET" };
        const scope = await authorizeAttempt(ctx, attempt);
        return handler(c, { ctx, actor, scope });
      }),
    );
  }

  return { open, project, declared: declared as readonly Declared[], app };
}

/** The scope, or null where the actor lacks this permission: another may do. */
async function scopeOrNull<P extends Permission>(
  ...attempt: readonly [ctx: ServiceContext, actor: Actor, permission: P, projectId: string]
): Promise<Scope<P> | null> {
  try {
    return await authorize(...attempt);
  } catch (error) {
    if (error instanceof AppError && error.code === "forbidden") return null;
    throw error;
  }
}

function safety(requestId: string): Readonly<Record<string, string>> {
  return { ...SAFETY_HEADERS, "content-security-policy": DATA_POLICY, "x-request-id": requestId };
}

function retryAfter({ details }: AppError): Readonly<Record<string, string>> {
  return typeof details?.retryAfterSeconds === "number" ? { "retry-after": String(details.retryAfterSeconds) } : {};
}

export type Routes = ReturnType<typeof createRoutes>;

function projectOf(c: Context, actor: Actor): string {
  const named = c.req.param("projectId") ?? c.req.header("x-countersign-project");
  if (named) {
    if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(named))
      throw new AppError("not_found", "project", "There is no such project.");
    return named;
  }
  if (actor.kind === "run") return actor.projectId;
  const own = actor.kind === "person" || actor.kind === "service" ? actor.token?.projectId : null;
  if (own) return own;
  throw new AppError(
    "invalid_input",
    "project_needed",
    "Name the project: use a project's token, or send the header x-countersign-project.",
  );
}
