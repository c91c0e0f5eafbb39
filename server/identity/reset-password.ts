import { and, eq, isNull } from "drizzle-orm";
import { sessions, users } from "@/db/schema/identity";
import { AppError } from "@/domain/errors";
import type { ResetPassword } from "@/domain/identity/contracts";
import { writeAudit } from "../audit/write-audit";
import { hashPassword } from "../auth/passwords";
import type { ServiceContext } from "../context";
import { lockPerson } from "./lock-person";
import { assertOpenLink, takeLink } from "./one-time-links";

/** Sets a new password with a reset link; every session of the person ends. */
export async function resetPassword(ctx: ServiceContext, input: ResetPassword): Promise<{ readonly email: string }> {
  await assertOpenLink(ctx, "reset", input.secret);
  const passwordHash = await hashPassword(input.newPassword);
  return ctx.db.transaction(async (tx) => {
    const link = await takeLink(ctx, tx, "reset", input.secret);
    if (!link.userId || !link.organisationId) throw new AppError("not_found", "link_unknown", "There is no such link.");
    const person = await lockPerson(tx, link.organisationId, link.userId);
    const now = ctx.clock();
    await tx.update(users).set({ passwordHash }).where(eq(users.id, person.id));
    await tx
      .update(sessions)
      .set({ revokedAt: now })
      .where(and(eq(sessions.userId, person.id), isNull(sessions.revokedAt)));
    await writeAudit(tx, {
      actor: {
        kind: "person",
        userId: person.id,
        organisationId: person.organisationId,
        name: person.name,
        sessionId: null,
        token: null,
      },
      organisationId: person.organisationId,
      projectId: null,
      action: "identity.password_reset",
      entity: { kind: "user", id: person.id },
      summary: "set a new password with a reset link; all sessions ended",
      details: { linkMadeBy: link.createdBy },
      requestId: ctx.requestId,
      at: now,
    });
    return { email: person.email };
  });
}
