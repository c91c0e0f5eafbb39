import { eq } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { memberships, roleGrants, users } from "@/db/schema/identity";
import { type GrantRoute, grantSentence, routeOf } from "@/domain/identity/grants";
import type { Role } from "@/domain/identity/roles";
import { writeAudit } from "../audit/write-audit";
import type { PersonActor } from "../authz/actor";
import type { ServiceContext } from "../context";
import { newId } from "../ids";
import { publishEvent } from "../notifications/publish-event";

export type Granting = {
  readonly by: PersonActor;
  /** Null: a standing in the organisation. */
  readonly projectId: string | null;
  readonly subject: { readonly id: string; readonly name: string };
  readonly role: Role;
  /** Active administrators, read under the organisation's lock. */
  readonly administrators: readonly string[];
};

/** Gives the role now, or leaves it for a second administrator; one audit row either way says which. */
export async function applyGrant(ctx: ServiceContext, tx: Transaction, granting: Granting): Promise<GrantRoute> {
  const { by, projectId, subject, role } = granting;
  const route = routeOf(role, granting.administrators.length);
  if (route === "second_administrator") {
    await tx
      .insert(roleGrants)
      .values({ id: newId(), projectId, userId: subject.id, role, requestedBy: by.userId })
      .onConflictDoNothing();
  } else {
    await giveRole(tx, { projectId, userId: subject.id, role, grantedBy: by.userId });
  }
  await writeAudit(tx, {
    actor: by,
    organisationId: by.organisationId,
    projectId,
    action: route === "second_administrator" ? "identity.grant_requested" : "identity.role_granted",
    entity: { kind: "user", id: subject.id },
    summary: grantSentence(role, subject.name, route),
    details: { role, route },
    requestId: ctx.requestId,
    at: ctx.clock(),
  });
  return route;
}

type Gift = {
  readonly projectId: string | null;
  readonly userId: string;
  readonly role: Role;
  readonly grantedBy: string;
};

export async function giveRole(tx: Transaction, { projectId, userId, role, grantedBy }: Gift): Promise<void> {
  if (projectId) await tx.insert(memberships).values({ projectId, userId, role, grantedBy }).onConflictDoNothing();
  else if (role === "ADM" || role === "AUD") await tx.update(users).set({ standing: role }).where(eq(users.id, userId));
}

/** Tells the project's open pages that its members changed; last in the transaction. */
export async function publishMembers(tx: Transaction, projectId: string | null, userId: string): Promise<void> {
  if (projectId) await publishEvent(tx, projectId, "identity", userId);
}
