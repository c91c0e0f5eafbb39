import { and, eq, isNull } from "drizzle-orm";
import { sessions, users } from "@/db/schema/identity";
import { writeAudit } from "../audit/write-audit";
import type { ServiceContext } from "../context";

/** Ends one session; at the next request its cookie is worth nothing. May be called again. */
export async function signOut(ctx: ServiceContext, sessionId: string): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    const [ended] = await tx
      .update(sessions)
      .set({ revokedAt: ctx.clock() })
      .where(and(eq(sessions.id, sessionId), isNull(sessions.revokedAt)))
      .returning({ userId: sessions.userId });
    if (!ended) return;
    const [user] = await tx.select().from(users).where(eq(users.id, ended.userId));
    if (!user) return;
    await writeAudit(tx, {
      actor: {
        kind: "person",
        userId: user.id,
        organisationId: user.organisationId,
        name: user.name,
        sessionId,
        token: null,
      },
      organisationId: user.organisationId,
      projectId: null,
      action: "identity.signed_out",
      entity: { kind: "session", id: sessionId },
      summary: "signed out",
      requestId: ctx.requestId,
      at: ctx.clock(),
    });
  });
}
