import { and, eq, isNotNull } from "drizzle-orm";
import { users } from "@/db/schema/identity";
import { AppError } from "@/domain/errors";
import { writeAudit } from "../audit/write-audit";
import type { OrganisationScope } from "../authz/authorize";
import { sessionPersonAttempt } from "../authz/authorize-attempt";
import type { ServiceContext } from "../context";

/** Lets a deactivated person sign in again, as a plain member: standing is granted anew, old sessions and tokens stay dead. */
export async function reactivatePerson(
  ctx: ServiceContext,
  scope: OrganisationScope<"identity.manage_people">,
  userId: string,
): Promise<void> {
  const by = await sessionPersonAttempt(ctx, scope.actor);
  await ctx.db.transaction(async (tx) => {
    const [person] = await tx
      .update(users)
      .set({ deactivatedAt: null, standing: "member" })
      .where(
        and(
          eq(users.id, userId),
          eq(users.organisationId, scope.organisationId),
          eq(users.kind, "person"),
          isNotNull(users.deactivatedAt),
        ),
      )
      .returning({ name: users.name });
    if (!person) throw new AppError("not_found", "person", "There is no such deactivated person.");
    await writeAudit(tx, {
      actor: by,
      organisationId: scope.organisationId,
      projectId: null,
      action: "identity.reactivated",
      entity: { kind: "user", id: userId },
      summary: `let ${person.name} sign in again`,
      requestId: ctx.requestId,
      at: ctx.clock(),
    });
  });
}
