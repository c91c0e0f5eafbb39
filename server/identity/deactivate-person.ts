import { and, eq, isNull } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { oneTimeLinks, sessions, tokens, users } from "@/db/schema/identity";
import { AppError } from "@/domain/errors";
import { writeAudit } from "../audit/write-audit";
import type { OrganisationScope } from "../authz/authorize";
import { sessionPersonAttempt } from "../authz/authorize-attempt";
import type { ServiceContext } from "../context";
import { lockAdministrators } from "./administrators";
import { type Duty, openDuties } from "./duties";
import { lockPerson } from "./lock-person";

const LAST = "The last administrator cannot be deactivated. Make somebody else an administrator first.";

/** Ends a person's access at once: sessions, tokens and open links die. Returns what was open on them. */
export async function deactivatePerson(
  ctx: ServiceContext,
  scope: OrganisationScope<"identity.manage_people">,
  userId: string,
): Promise<{ readonly duties: readonly Duty[] }> {
  const by = await sessionPersonAttempt(ctx, scope.actor);
  const result = await ctx.db.transaction(async (tx) => {
    const administrators = await lockAdministrators(tx, scope.organisationId);
    const person = await lockPerson(tx, scope.organisationId, userId);
    const isLast = administrators.length === 1 && administrators[0] === userId;
    const duties = await openDuties(tx, userId);
    if (!isLast) await endAccess(ctx, tx, userId);
    await writeAudit(tx, {
      actor: by,
      organisationId: scope.organisationId,
      projectId: null,
      action: isLast ? "identity.deactivation_refused" : "identity.deactivated",
      entity: { kind: "user", id: userId },
      summary: isLast
        ? `tried to deactivate ${person.name}, the last administrator`
        : `deactivated ${person.name}; sessions and tokens ended`,
      details: { duties: duties.map(({ kind, id }) => ({ kind, id })) },
      requestId: ctx.requestId,
      at: ctx.clock(),
    });
    return { isLast, duties };
  });
  if (result.isLast) throw new AppError("precondition_failed", "last_administrator", LAST);
  return { duties: result.duties };
}

async function endAccess(ctx: ServiceContext, tx: Transaction, userId: string): Promise<void> {
  const now = ctx.clock();
  await tx.update(users).set({ deactivatedAt: now }).where(eq(users.id, userId));
  await tx
    .update(sessions)
    .set({ revokedAt: now })
    .where(and(eq(sessions.userId, userId), isNull(sessions.revokedAt)));
  await tx
    .update(tokens)
    .set({ revokedAt: now })
    .where(and(eq(tokens.userId, userId), isNull(tokens.revokedAt)));
  await tx
    .update(oneTimeLinks)
    .set({ usedAt: now })
    .where(and(eq(oneTimeLinks.userId, userId), isNull(oneTimeLinks.usedAt)));
}
