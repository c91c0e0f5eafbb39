import { and, eq } from "drizzle-orm";
import { memberships, users } from "@/db/schema/identity";
import { AppError } from "@/domain/errors";
import type { RoleOfPerson } from "@/domain/identity/contracts";
import { isRestricted } from "@/domain/identity/grants";
import { ROLE_NAMES } from "@/domain/identity/roles";
import { writeAudit } from "../audit/write-audit";
import { personActor, type Scope } from "../authz/authorize";
import { authorizeRestricted } from "../authz/authorize-attempt";
import type { ServiceContext } from "../context";
import { publishMembers } from "./apply-grant";

/** Takes a role of the project away; what the person signed stays signed. Works on deactivated people too. */
export async function removeRole(
  ctx: ServiceContext,
  scope: Scope<"identity.invite">,
  input: RoleOfPerson,
): Promise<void> {
  personActor(scope.actor);
  if (isRestricted(input.role)) await authorizeRestricted(ctx, scope);
  await ctx.db.transaction(async (tx) => {
    const [removed] = await tx
      .delete(memberships)
      .where(
        and(
          eq(memberships.projectId, scope.projectId),
          eq(memberships.userId, input.userId),
          eq(memberships.role, input.role),
        ),
      )
      .returning({ userId: memberships.userId });
    if (!removed) throw new AppError("not_found", "membership", "This person does not have this role.");
    const [person] = await tx.select({ name: users.name }).from(users).where(eq(users.id, input.userId));
    await writeAudit(tx, {
      actor: scope.actor,
      organisationId: scope.organisationId,
      projectId: scope.projectId,
      action: "identity.role_removed",
      entity: { kind: "user", id: input.userId },
      summary: `took the role ${ROLE_NAMES[input.role]} from ${person?.name ?? "somebody"}`,
      details: { role: input.role },
      requestId: ctx.requestId,
      at: ctx.clock(),
    });
    await publishMembers(tx, scope.projectId, input.userId);
  });
}
