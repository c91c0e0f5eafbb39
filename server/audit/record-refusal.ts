import { AppError, type ErrorCode } from "@/domain/errors";
import type { Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { writeAudit } from "./write-audit";

/** What was tried, for the case that it is refused. */
export type Tried = {
  /** `pipelines.start_refused`. */
  readonly action: string;
  readonly entity: { readonly kind: string; readonly id: string };
  /** "was refused to start a run"; the reason's sentence follows. */
  readonly summary: string;
};

/** What is not there was not refused; what cannot be had at the moment neither. */
const REFUSALS: readonly ErrorCode[] = [
  "forbidden",
  "invalid_input",
  "already_exists",
  "conflict",
  "precondition_failed",
];

/**
 * For a verb that refuses by throwing, before its transaction or inside it: the change is rolled back, the refusal's
 * audit row is committed alone, and the error goes on.
 */
export async function recordingRefusal<T>(
  ctx: ServiceContext,
  scope: Scope,
  tried: Tried,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AppError && REFUSALS.includes(error.code)) await recordRefusal(ctx, scope, tried, error);
    throw error;
  }
}

/** The audit row of one refusal, alone. */
export async function recordRefusal(ctx: ServiceContext, scope: Scope, tried: Tried, error: AppError): Promise<void> {
  await writeAudit(ctx.db, {
    actor: scope.actor,
    organisationId: scope.organisationId,
    projectId: scope.projectId,
    action: tried.action,
    entity: tried.entity,
    summary: `${tried.summary}: ${error.message}`.slice(0, 500),
    details: { reason: error.reason },
    requestId: ctx.requestId,
    at: ctx.clock(),
  });
}
