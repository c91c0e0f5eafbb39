import { and, eq } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { roleGrants, users } from "@/db/schema/identity";
import { AppError } from "@/domain/errors";
import type { DecideGrant } from "@/domain/identity/contracts";
import { GRANT_REFUSALS, type GrantRefusal, grantRefusal, leavesNoAdministrator } from "@/domain/identity/grants";
import { ROLE_NAMES } from "@/domain/identity/roles";
import { writeAudit } from "../audit/write-audit";
import { type OrganisationScope, personActor } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { lockAdministrators } from "./administrators";
import { giveRole, publishMembers } from "./apply-grant";
import { lockPerson } from "./lock-person";

/** A second administrator confirms or declines what the first asked for; the first may take it back. */
export async function decideGrant(
  ctx: ServiceContext,
  scope: OrganisationScope<"identity.grant_restricted">,
  input: DecideGrant,
): Promise<void> {
  const by = personActor(scope.actor);
  const refusal = await ctx.db.transaction(async (tx) => {
    const administrators = await lockAdministrators(tx, scope.organisationId);
    const grant = await lockGrant(tx, scope.organisationId, input.grantId);
    const requesterIsActive = administrators.includes(grant.requestedBy);
    const isOfLastAdministrator =
      grant.projectId === null && leavesNoAdministrator(administrators, grant.userId, grant.role);
    const refused = grantRefusal({ ...grant, requesterIsActive, isOfLastAdministrator }, by.userId, input.isGranted);
    if (!refused) {
      const person = await lockPerson(tx, scope.organisationId, grant.userId);
      await tx
        .update(roleGrants)
        .set({ decidedBy: by.userId, decidedAt: ctx.clock(), isGranted: input.isGranted })
        .where(eq(roleGrants.id, grant.id));
      if (input.isGranted) await giveRole(tx, { ...grant, userId: person.id, grantedBy: grant.requestedBy });
    }
    await auditDecision(ctx, tx, { scope, grant, isGranted: input.isGranted, refused });
    if (!refused) await publishMembers(tx, grant.projectId, grant.userId);
    return refused;
  });
  if (refusal) throw new AppError("precondition_failed", refusal, GRANT_REFUSALS[refusal]);
}

type Grant = Awaited<ReturnType<typeof lockGrant>>;
type Decided = {
  readonly scope: OrganisationScope;
  readonly grant: Grant;
  readonly isGranted: boolean;
  readonly refused: GrantRefusal | null;
};

async function auditDecision(
  ctx: ServiceContext,
  tx: Transaction,
  { scope, grant, isGranted, refused }: Decided,
): Promise<void> {
  const what = `the role ${ROLE_NAMES[grant.role]} for ${grant.name}`;
  const done = isGranted ? "confirmed" : "declined";
  await writeAudit(tx, {
    actor: scope.actor,
    organisationId: scope.organisationId,
    projectId: grant.projectId,
    action: refused ? "identity.grant_refused" : `identity.grant_${done}`,
    entity: { kind: "user", id: grant.userId },
    summary: refused ? `was refused to decide on ${what}: ${GRANT_REFUSALS[refused]}` : `${done} ${what}`,
    details: { grantId: grant.id, role: grant.role, requestedBy: grant.requestedBy, isGranted, refused },
    requestId: ctx.requestId,
    at: ctx.clock(),
  });
}

async function lockGrant(tx: Transaction, organisationId: string, grantId: string) {
  const [row] = await tx
    .select({ grant: roleGrants, name: users.name })
    .from(roleGrants)
    .innerJoin(users, eq(users.id, roleGrants.userId))
    .where(and(eq(roleGrants.id, grantId), eq(users.organisationId, organisationId)))
    .for("no key update", { of: roleGrants });
  if (!row) throw new AppError("not_found", "grant", "There is no such grant.");
  return { ...row.grant, name: row.name };
}
