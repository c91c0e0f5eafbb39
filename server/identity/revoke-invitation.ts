import { and, eq, isNull } from "drizzle-orm";
import { oneTimeLinks } from "@/db/schema/identity";
import { AppError } from "@/domain/errors";
import { writeAudit } from "../audit/write-audit";
import type { Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { publishMembers } from "./apply-grant";

/** Makes an open invitation into this project void. */
export async function revokeInvitation(
  ctx: ServiceContext,
  scope: Scope<"identity.invite">,
  invitationId: string,
): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    const [link] = await tx
      .update(oneTimeLinks)
      .set({ usedAt: ctx.clock() })
      .where(
        and(
          eq(oneTimeLinks.id, invitationId),
          eq(oneTimeLinks.kind, "invitation"),
          eq(oneTimeLinks.projectId, scope.projectId),
          isNull(oneTimeLinks.usedAt),
        ),
      )
      .returning({ email: oneTimeLinks.email });
    if (!link) throw new AppError("not_found", "invitation", "There is no such open invitation.");
    await writeAudit(tx, {
      actor: scope.actor,
      organisationId: scope.organisationId,
      projectId: scope.projectId,
      action: "identity.invitation_revoked",
      entity: { kind: "invitation", id: invitationId },
      summary: `revoked the invitation of ${link.email}`,
      requestId: ctx.requestId,
      at: ctx.clock(),
    });
    await publishMembers(tx, scope.projectId, invitationId);
  });
}
