import { AppError } from "@/domain/errors";
import type { Permission } from "@/domain/identity/policy";
import { writeAudit } from "../audit/write-audit";
import type { ServiceContext } from "../context";
import type { Actor } from "./actor";
import { authorize, type Scope } from "./authorize";

type Attempt<P extends Permission> = {
  readonly actor: Actor;
  readonly permission: P;
  readonly projectId: string;
  /** Looking is not recorded; trying to change something is. */
  readonly isChange: boolean;
};

/** Authorises a call from outside. A member's refused attempt to change something leaves an audit row of its own. */
export async function authorizeAttempt<P extends Permission>(
  ctx: ServiceContext,
  { actor, permission, projectId, isChange }: Attempt<P>,
): Promise<Scope<P>> {
  try {
    return await authorize(ctx, actor, permission, projectId);
  } catch (error) {
    if (isChange && error instanceof AppError && error.code === "forbidden") {
      await writeAudit(ctx.db, {
        actor,
        organisationId: "organisationId" in actor ? actor.organisationId : null,
        projectId,
        action: `${permission}_refused`,
        entity: { kind: "project", id: projectId },
        summary: "tried what their roles or token do not allow",
        details: { permission, reason: error.reason },
        requestId: ctx.requestId,
        at: ctx.clock(),
      });
    }
    throw error;
  }
}
