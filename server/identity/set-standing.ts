import { eq } from "drizzle-orm";
import { users } from "@/db/schema/identity";
import type { StandingOfPerson } from "@/domain/identity/contracts";
import { ROLE_NAMES } from "@/domain/identity/roles";
import { writeAudit } from "../audit/write-audit";
import { type OrganisationScope, personActor } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { lastAdministratorRefusal, lockAdministrators } from "./administrators";
import { type Granted, grantStanding } from "./grant-role";
import { lockPerson } from "./lock-person";

/** Gives or takes a standing in the organisation. Giving follows the rule of grants; the last administrator stays one. */
export async function setStanding(
  ctx: ServiceContext,
  scope: OrganisationScope<"identity.grant_restricted">,
  { userId, standing }: StandingOfPerson,
): Promise<Granted> {
  if (standing !== "member") return grantStanding(ctx, scope, { userId, standing });
  const by = personActor(scope.actor);
  const refusal = await ctx.db.transaction(async (tx) => {
    const administrators = await lockAdministrators(tx, scope.organisationId);
    const person = await lockPerson(tx, scope.organisationId, userId);
    if (person.standing === "member") return null;
    const refused = await lastAdministratorRefusal(ctx, tx, { by, subject: person, standing, administrators });
    if (refused) return refused;
    await tx.update(users).set({ standing: "member" }).where(eq(users.id, userId));
    await writeAudit(tx, {
      actor: scope.actor,
      organisationId: scope.organisationId,
      projectId: null,
      action: "identity.role_removed",
      entity: { kind: "user", id: userId },
      summary: `took the standing ${ROLE_NAMES[person.standing]} from ${person.name}`,
      details: { role: person.standing },
      requestId: ctx.requestId,
      at: ctx.clock(),
    });
    return null;
  });
  if (refusal) throw refusal;
  return { route: "direct" };
}
