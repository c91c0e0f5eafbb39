import { and, eq, isNull } from "drizzle-orm";
import { sessions } from "@/db/schema/identity";
import { AppError } from "@/domain/errors";
import { writeAudit } from "../audit/write-audit";
import type { Actor } from "../authz/actor";
import { sessionPersonAttempt } from "../authz/authorize-attempt";
import type { ServiceContext } from "../context";

/** Ends one of the person's own sessions, on whatever device it is. */
export async function revokeSession(ctx: ServiceContext, actor: Actor, sessionId: string): Promise<void> {
  const person = await sessionPersonAttempt(ctx, actor);
  await ctx.db.transaction(async (tx) => {
    const [ended] = await tx
      .update(sessions)
      .set({ revokedAt: ctx.clock() })
      .where(and(eq(sessions.id, sessionId), eq(sessions.userId, person.userId), isNull(sessions.revokedAt)))
      .returning({ id: sessions.id });
    if (!ended) throw new AppError("not_found", "session", "There is no such session, or it has ended.");
    await writeAudit(tx, {
      actor: person,
      organisationId: person.organisationId,
      projectId: null,
      action: "identity.session_revoked",
      entity: { kind: "session", id: sessionId },
      summary: "ended one of their own sessions",
      requestId: ctx.requestId,
      at: ctx.clock(),
    });
  });
}
