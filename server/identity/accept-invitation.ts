import { and, eq, isNull } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { users } from "@/db/schema/identity";
import { AppError } from "@/domain/errors";
import type { AcceptInvitation } from "@/domain/identity/contracts";
import { isRestricted } from "@/domain/identity/grants";
import { roleNames } from "@/domain/identity/roles";
import { writeAudit } from "../audit/write-audit";
import { hashPassword } from "../auth/passwords";
import type { PersonActor } from "../authz/actor";
import { authorize, authorizeOrganisation } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { newId } from "../ids";
import { lockAdministrators } from "./administrators";
import { applyGrant, publishMembers } from "./apply-grant";
import { assertOpenLink, type LinkRow, takeLink } from "./one-time-links";

/** Makes the account and gives its roles, as if the inviting person granted them now: what they may no longer give is not given. */
export async function acceptInvitation(
  ctx: ServiceContext,
  input: AcceptInvitation,
): Promise<{ readonly userId: string; readonly email: string }> {
  const inviter = await inviterOf(ctx, await assertOpenLink(ctx, "invitation", input.secret));
  const passwordHash = await hashPassword(input.password);
  return ctx.db.transaction(async (tx) => {
    const link = await takeLink(ctx, tx, "invitation", input.secret);
    if (!link.organisationId || !link.email) throw voided();
    const subject = { id: newId(), name: input.name };
    const made = await tx
      .insert(users)
      .values({ ...subject, organisationId: link.organisationId, email: link.email, passwordHash })
      .onConflictDoNothing()
      .returning({ id: users.id });
    if (made.length === 0)
      throw new AppError("already_exists", "person", "This e-mail address has an account already. Sign in.");
    await auditAcceptance(ctx, tx, link, subject);
    const administrators = await lockAdministrators(tx, link.organisationId);
    for (const role of link.roles ?? []) {
      await applyGrant(ctx, tx, { by: inviter, projectId: link.projectId, subject, role, administrators });
    }
    await publishMembers(tx, link.projectId, subject.id);
    return { userId: subject.id, email: link.email };
  });
}

function voided(): AppError {
  return new AppError(
    "precondition_failed",
    "invitation_void",
    "This invitation is void: who sent it may no longer give these roles. Ask for a new one.",
  );
}

/** The inviting person, if they are still active and still may give every role of the invitation. */
async function inviterOf(ctx: ServiceContext, link: LinkRow): Promise<PersonActor> {
  if (!link.createdBy) throw voided();
  const [row] = await ctx.db
    .select()
    .from(users)
    .where(and(eq(users.id, link.createdBy), isNull(users.deactivatedAt)));
  if (!row) throw voided();
  const inviter: PersonActor = {
    kind: "person",
    userId: row.id,
    organisationId: row.organisationId,
    name: row.name,
    sessionId: null,
    token: null,
  };
  try {
    const permission = (link.roles ?? []).some(isRestricted) ? "identity.grant_restricted" : "identity.invite";
    if (link.projectId) await authorize(ctx, inviter, permission, link.projectId);
    else await authorizeOrganisation(ctx, inviter, permission);
  } catch (error) {
    if (error instanceof AppError) throw voided();
    throw error;
  }
  return inviter;
}

async function auditAcceptance(
  ctx: ServiceContext,
  tx: Transaction,
  link: LinkRow,
  subject: { readonly id: string; readonly name: string },
): Promise<void> {
  const organisationId = link.organisationId ?? "";
  await writeAudit(tx, {
    actor: { kind: "person", userId: subject.id, organisationId, name: subject.name, sessionId: null, token: null },
    organisationId,
    projectId: link.projectId,
    action: "identity.invitation_accepted",
    entity: { kind: "invitation", id: link.id },
    summary: `accepted the invitation as ${roleNames(link.roles ?? [])}`,
    details: { userId: subject.id, roles: link.roles },
    requestId: ctx.requestId,
    at: ctx.clock(),
  });
}
