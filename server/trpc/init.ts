import { initTRPC, TRPCError } from "@trpc/server";
import superjson from "superjson";
import { z } from "zod";
import { AppError, type ErrorCode } from "@/domain/errors";
import type { Permission } from "@/domain/identity/policy";
import type { Actor } from "../authz/actor";
import { assertTokenScopeAttempt, authorizeAttempt, authorizeOrganisationAttempt } from "../authz/authorize-attempt";
import type { ServiceContext } from "../context";

/** What a request brings: the services, and who asks (null: nobody signed in). */
export type TrpcContext = ServiceContext & {
  readonly actor: Actor | null;
  /** The peer's address; absent where the router is called inside the process. */
  readonly address?: string;
};

/** How a procedure may be reached. A test refuses one that does not say. */
export type Access = { readonly access?: "public" | "signed_in" | Permission };

const TRPC_CODES = {
  invalid_input: "BAD_REQUEST",
  unauthenticated: "UNAUTHORIZED",
  forbidden: "FORBIDDEN",
  not_found: "NOT_FOUND",
  already_exists: "CONFLICT",
  conflict: "CONFLICT",
  precondition_failed: "PRECONDITION_FAILED",
  too_large: "PAYLOAD_TOO_LARGE",
  rate_limited: "TOO_MANY_REQUESTS",
  unavailable: "SERVICE_UNAVAILABLE",
} as const satisfies Record<ErrorCode, TRPCError["code"]>;

const t = initTRPC
  .context<TrpcContext>()
  .meta<Access>()
  .create({
    transformer: superjson,
    errorFormatter({ shape, error, ctx }) {
      const cause = error.cause;
      const isExpected = cause instanceof AppError || error.code === "BAD_REQUEST";
      return {
        ...shape,
        message: isExpected ? shape.message : "Something went wrong.",
        data: {
          ...shape.data,
          stack: undefined,
          reason: cause instanceof AppError ? cause.reason : null,
          details: cause instanceof AppError ? (cause.details ?? null) : null,
          issues:
            cause instanceof z.ZodError
              ? cause.issues.map(({ path, message }) => ({ path: path.join("."), message }))
              : null,
          requestId: ctx?.requestId ?? null,
        },
      };
    },
  });

/** An expected refusal in tRPC's terms. */
export function asTrpcError(error: AppError): TRPCError {
  return new TRPCError({ code: TRPC_CODES[error.code], message: error.message, cause: error });
}

export const router = t.router;
export const createCallerFactory = t.createCallerFactory;

/** Maps errors once, and writes one line per call. */
const base = t.procedure.use(async ({ ctx, path, type, next }) => {
  const started = performance.now();
  const result = await next();
  const line = { procedure: path, type, actor: ctx.actor?.name ?? null, ms: Math.round(performance.now() - started) };
  if (result.ok) {
    ctx.log.info({ ...line, outcome: "ok" }, "call");
    return result;
  }
  const cause = result.error.cause;
  if (cause instanceof AppError) {
    ctx.log.info({ ...line, outcome: cause.code, reason: cause.reason }, "call");
    throw asTrpcError(cause);
  }
  const isFault = result.error.code === "INTERNAL_SERVER_ERROR";
  ctx.log[isFault ? "error" : "info"]({ ...line, outcome: result.error.code, ...(isFault && { err: cause }) }, "call");
  return result;
});

export const publicProcedure = base.meta({ access: "public" });

/** Somebody who signed in, whatever their roles: their own account, their projects, their inbox. */
export const signedInProcedure = base.meta({ access: "signed_in" }).use(async ({ ctx, type, next }) => {
  if (!ctx.actor) throw new AppError("unauthenticated", "signed_out", "Sign in first.");
  await assertTokenScopeAttempt(ctx, { actor: ctx.actor, isChange: type === "mutation" });
  return next({ ctx: { ...ctx, actor: ctx.actor } });
});

/** A procedure on one project: adds `projectId` to the input and the checked scope to the context. */
export function projectProcedure<P extends Permission>(permission: P) {
  return base
    .meta({ access: permission })
    .input(z.object({ projectId: z.uuid() }))
    .use(async ({ ctx, input, type, next }) => {
      if (!ctx.actor) throw new AppError("unauthenticated", "signed_out", "Sign in first.");
      const attempt = { actor: ctx.actor, permission, projectId: input.projectId, isChange: type === "mutation" };
      const scope = await authorizeAttempt(ctx, attempt);
      return next({ ctx: { ...ctx, actor: ctx.actor, scope } });
    });
}

export function organisationProcedure<P extends Permission>(permission: P) {
  return base.meta({ access: permission }).use(async ({ ctx, type, next }) => {
    if (!ctx.actor) throw new AppError("unauthenticated", "signed_out", "Sign in first.");
    const attempt = { actor: ctx.actor, permission, isChange: type === "mutation" };
    const scope = await authorizeOrganisationAttempt(ctx, attempt);
    return next({ ctx: { ...ctx, actor: ctx.actor, scope } });
  });
}
