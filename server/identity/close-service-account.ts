import { and, eq, isNull } from "drizzle-orm";
import { tokens, users } from "@/db/schema/identity";
import { writeAudit } from "../audit/write-audit";
import { personActor, type Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { publishMembers } from "./apply-grant";
import { lockService } from "./create-service-token";

/** Ends a service account and all its tokens; its past deeds keep its name. */
export async function closeServiceAccount(
  ctx: ServiceContext,
  scope: Scope<"identity.manage_services">,
  serviceId: string,
): Promise<void> {
  personActor(scope.actor);
  await ctx.db.transaction(async (tx) => {
    const service = await lockService(tx, scope.projectId, serviceId);
    const now = ctx.clock();
    await tx.update(users).set({ deactivatedAt: now }).where(eq(users.id, service.id));
    await tx
      .update(tokens)
      .set({ revokedAt: now })
      .where(and(eq(tokens.userId, service.id), isNull(tokens.revokedAt)));
    await writeAudit(tx, {
      actor: scope.actor,
      organisationId: scope.organisationId,
      projectId: scope.projectId,
      action: "identity.service_closed",
      entity: { kind: "user", id: service.id },
      summary: `closed the service account ${service.name}`,
      requestId: ctx.requestId,
      at: now,
    });
    await publishMembers(tx, scope.projectId, service.id);
  });
}
