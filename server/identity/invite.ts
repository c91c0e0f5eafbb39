import { eq, sql } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { users } from "@/db/schema/identity";
import { AppError } from "@/domain/errors";
import type { Invite, InviteToOrganisation } from "@/domain/identity/contracts";
import { type GrantRoute, isRestricted } from "@/domain/identity/grants";
import { type Role, roleNames } from "@/domain/identity/roles";
import { writeAudit } from "../audit/write-audit";
import { type OrganisationScope, personActor, personOf, type Scope } from "../authz/authorize";
import { authorizeRestricted } from "../authz/authorize-attempt";
import type { ServiceContext } from "../context";
import { lastAdministratorRefusal, lockAdministrators } from "./administrators";
import { applyGrant, publishMembers } from "./apply-grant";
import { createLink, type NewLink } from "./one-time-links";

/** A link to pass on, or, for somebody who has an account already, what became of each role. */
export type Invited =
  | ({ readonly kind: "invited" } & NewLink)
  | { readonly kind: "granted"; readonly userId: string; readonly routes: Readonly<Record<string, GrantRoute>> };

type Invitation = { readonly email: string; readonly projectId: string | null; readonly roles: readonly Role[] };

/** Brings a person into the project. R3 to R5 by its stakeholder or an administrator; the others by an administrator. */
export async function invite(ctx: ServiceContext, scope: Scope<"identity.invite">, input: Invite): Promise<Invited> {
  if (input.roles.some(isRestricted)) await authorizeRestricted(ctx, scope);
  return inviteOrGrant(ctx, scope, { ...input, projectId: scope.projectId });
}

/** Brings an administrator or an auditor into the organisation. */
export function inviteToOrganisation(
  ctx: ServiceContext,
  scope: OrganisationScope<"identity.grant_restricted">,
  input: InviteToOrganisation,
): Promise<Invited> {
  return inviteOrGrant(ctx, scope, { email: input.email, projectId: null, roles: [input.standing] });
}

async function inviteOrGrant(
  ctx: ServiceContext,
  scope: Scope | OrganisationScope,
  input: Invitation,
): Promise<Invited> {
  const email = input.email.toLowerCase();
  const invitation = { ...input, email, roles: [...new Set(input.roles)] };
  const result = await ctx.db.transaction(async (tx): Promise<Invited | AppError> => {
    const [known] = await tx
      .select()
      .from(users)
      .where(eq(sql`lower(${users.email})`, email));
    if (!known) return inviteNew(ctx, tx, scope, invitation);
    if (known.organisationId !== scope.organisationId || known.deactivatedAt) {
      throw new AppError("conflict", "person_deactivated", "This person's account is deactivated.");
    }
    return grantKnown(ctx, tx, scope, { invitation, known });
  });
  if (result instanceof AppError) throw result;
  return result;
}

async function inviteNew(
  ctx: ServiceContext,
  tx: Transaction,
  scope: Scope | OrganisationScope,
  invitation: Invitation,
): Promise<Invited> {
  const { userId } = personOf(scope);
  const { email, projectId, roles } = invitation;
  const link = await createLink(ctx, tx, "invitation", {
    organisationId: scope.organisationId,
    email,
    projectId,
    roles: [...roles],
    createdBy: userId,
  });
  await writeAudit(tx, {
    actor: scope.actor,
    organisationId: scope.organisationId,
    projectId,
    action: "identity.invited",
    entity: { kind: "invitation", id: link.id },
    summary: `invited ${email} as ${roleNames(roles)}`,
    details: { email, roles },
    requestId: ctx.requestId,
    at: ctx.clock(),
  });
  await publishMembers(tx, projectId, link.id);
  return { kind: "invited", ...link };
}

type Known = { readonly invitation: Invitation; readonly known: { readonly id: string; readonly name: string } };

async function grantKnown(
  ctx: ServiceContext,
  tx: Transaction,
  scope: Scope | OrganisationScope,
  { invitation, known }: Known,
): Promise<Invited | AppError> {
  const by = personActor(scope.actor);
  const administrators = await lockAdministrators(tx, scope.organisationId);
  const routes: Record<string, GrantRoute> = {};
  for (const role of invitation.roles) {
    const refusal = invitation.projectId
      ? null
      : await lastAdministratorRefusal(ctx, tx, { by, subject: known, standing: role, administrators });
    if (refusal) return refusal;
    routes[role] = await applyGrant(ctx, tx, {
      by,
      projectId: invitation.projectId,
      subject: known,
      role,
      administrators,
    });
  }
  await publishMembers(tx, invitation.projectId, known.id);
  return { kind: "granted", userId: known.id, routes };
}
