import type { RoleOfPerson, StandingOfPerson } from "@/domain/identity/contracts";
import { type GrantRoute, isRestricted } from "@/domain/identity/grants";
import type { Role } from "@/domain/identity/roles";
import { type OrganisationScope, personActor, type Scope } from "../authz/authorize";
import { authorizeRestricted } from "../authz/authorize-attempt";
import type { ServiceContext } from "../context";
import { lastAdministratorRefusal, lockAdministrators } from "./administrators";
import { applyGrant, publishMembers } from "./apply-grant";
import { lockPerson } from "./lock-person";

export type Granted = { readonly route: GrantRoute };

/** Gives a colleague a role in the project. R1, R2, R6 and R7 need an administrator, and a second one who confirms. */
export async function grantRole(
  ctx: ServiceContext,
  scope: Scope<"identity.invite">,
  input: RoleOfPerson,
): Promise<Granted> {
  if (isRestricted(input.role)) await authorizeRestricted(ctx, scope);
  return grant(ctx, scope, { ...input, projectId: scope.projectId });
}

/** Makes somebody an administrator or an auditor, by the same rule. */
export function grantStanding(
  ctx: ServiceContext,
  scope: OrganisationScope<"identity.grant_restricted">,
  input: { readonly userId: string; readonly standing: Exclude<StandingOfPerson["standing"], "member"> },
): Promise<Granted> {
  return grant(ctx, scope, { userId: input.userId, role: input.standing, projectId: null });
}

type Grant = { readonly userId: string; readonly role: Role; readonly projectId: string | null };

async function grant(
  ctx: ServiceContext,
  scope: Scope | OrganisationScope,
  { userId, role, projectId }: Grant,
): Promise<Granted> {
  const by = personActor(scope.actor);
  const result = await ctx.db.transaction(async (tx) => {
    const administrators = await lockAdministrators(tx, scope.organisationId);
    const subject = await lockPerson(tx, scope.organisationId, userId);
    const refusal = projectId
      ? null
      : await lastAdministratorRefusal(ctx, tx, { by, subject, standing: role, administrators });
    if (refusal) return { refusal };
    const route = await applyGrant(ctx, tx, { by, projectId, subject, role, administrators });
    await publishMembers(tx, projectId, subject.id);
    return { refusal, route };
  });
  if (result.refusal) throw result.refusal;
  return { route: result.route };
}
