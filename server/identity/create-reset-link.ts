import { and, eq, isNull } from "drizzle-orm";
import { oneTimeLinks } from "@/db/schema/identity";
import { writeAudit } from "../audit/write-audit";
import type { OrganisationScope } from "../authz/authorize";
import { sessionPersonAttempt } from "../authz/authorize-attempt";
import type { ServiceContext } from "../context";
import { lockPerson } from "./lock-person";
import { createLink, type NewLink } from "./one-time-links";

/** A link with which a person sets a new password, to be handed over by the administrator. Earlier ones become void. */
export async function createResetLink(
  ctx: ServiceContext,
  scope: OrganisationScope<"identity.manage_people">,
  userId: string,
): Promise<NewLink> {
  const by = await sessionPersonAttempt(ctx, scope.actor);
  return ctx.db.transaction(async (tx) => {
    const person = await lockPerson(tx, scope.organisationId, userId);
    await tx
      .update(oneTimeLinks)
      .set({ usedAt: ctx.clock() })
      .where(and(eq(oneTimeLinks.kind, "reset"), eq(oneTimeLinks.userId, userId), isNull(oneTimeLinks.usedAt)));
    const link = await createLink(ctx, tx, "reset", {
      organisationId: scope.organisationId,
      userId,
      createdBy: by.userId,
    });
    await writeAudit(tx, {
      actor: by,
      organisationId: scope.organisationId,
      projectId: null,
      action: "identity.reset_link_made",
      entity: { kind: "user", id: userId },
      summary: `made a link with which ${person.name} sets a new password`,
      requestId: ctx.requestId,
      at: ctx.clock(),
    });
    return link;
  });
}
