import { and, eq, isNull, ne } from "drizzle-orm";
import { sessions, tokens, users } from "@/db/schema/identity";
import { AppError } from "@/domain/errors";
import type { ChangePassword } from "@/domain/identity/contracts";
import { writeAudit } from "../audit/write-audit";
import { hashPassword } from "../auth/passwords";
import { type Origin, verifyCredentials } from "../auth/sign-in";
import type { Actor } from "../authz/actor";
import { sessionPersonAttempt } from "../authz/authorize-attempt";
import type { ServiceContext } from "../context";

/** A new password, given the present one (slowed down as a sign-in is). Every other session of the person ends, and their tokens where they ask for it. */
export async function changePassword(
  ctx: ServiceContext,
  actor: Actor,
  input: ChangePassword & { readonly origin: Origin },
): Promise<void> {
  const person = await sessionPersonAttempt(ctx, actor);
  const [account] = await ctx.db.select({ email: users.email }).from(users).where(eq(users.id, person.userId));
  if (!account?.email) throw new AppError("not_found", "person", "There is no such person.");
  await verifyCredentials(ctx, { email: account.email, password: input.currentPassword }, input.origin);
  const passwordHash = await hashPassword(input.newPassword);
  await ctx.db.transaction(async (tx) => {
    const now = ctx.clock();
    await tx.update(users).set({ passwordHash }).where(eq(users.id, person.userId));
    const others = person.sessionId ? ne(sessions.id, person.sessionId) : undefined;
    await tx
      .update(sessions)
      .set({ revokedAt: now })
      .where(and(eq(sessions.userId, person.userId), isNull(sessions.revokedAt), others));
    const ended = input.areTokensRevoked
      ? await tx
          .update(tokens)
          .set({ revokedAt: now })
          .where(and(eq(tokens.userId, person.userId), isNull(tokens.revokedAt)))
          .returning({ id: tokens.id })
      : [];
    await writeAudit(tx, {
      actor: person,
      organisationId: person.organisationId,
      projectId: null,
      action: "identity.password_changed",
      entity: { kind: "user", id: person.userId },
      summary: `changed their own password; other sessions ${input.areTokensRevoked ? "and their tokens " : ""}ended`,
      details: { revokedTokens: ended.map(({ id }) => id) },
      requestId: ctx.requestId,
      at: now,
    });
  });
}
