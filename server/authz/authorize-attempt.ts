import { AppError } from "@/domain/errors";
import type { Permission } from "@/domain/identity/policy";
import { writeAudit } from "../audit/write-audit";
import type { ServiceContext } from "../context";
import { type Actor, actorId, type PersonActor } from "./actor";
import {
  assertTokenScope,
  authorize,
  authorizeOrganisation,
  type OrganisationScope,
  type Scope,
  sessionPerson,
} from "./authorize";

type Attempt<P extends Permission> = {
  readonly actor: Actor;
  readonly permission: P;
  readonly projectId: string;
  /** Looking is not recorded; trying to change something is. */
  readonly isChange: boolean;
};

/** Authorises a call from outside. A member's refused attempt to change something leaves an audit row of its own. */
export function authorizeAttempt<P extends Permission>(
  ctx: ServiceContext,
  { actor, permission, projectId, isChange }: Attempt<P>,
): Promise<Scope<P>> {
  const place = { actor, isChange, projectId, wanted: permission, entity: { kind: "project", id: projectId } };
  return recorded(ctx, place, () => authorize(ctx, actor, permission, projectId));
}

/** The same on the actor's organisation. */
export function authorizeOrganisationAttempt<P extends Permission>(
  ctx: ServiceContext,
  { actor, permission, isChange }: Omit<Attempt<P>, "projectId">,
): Promise<OrganisationScope<P>> {
  const entity = { kind: "organisation", id: organisationOf(actor) ?? "none" };
  const place = { actor, isChange, projectId: null, wanted: permission, entity };
  return recorded(ctx, place, () => authorizeOrganisation(ctx, actor, permission));
}

/** A role that decides is given and taken by administrators alone; asked for inside a verb that others may call too. */
export function authorizeRestricted(ctx: ServiceContext, scope: Scope): Promise<Scope<"identity.grant_restricted">> {
  const { actor, projectId } = scope;
  return authorizeAttempt(ctx, { actor, permission: "identity.grant_restricted", projectId, isChange: true });
}

/** Where no permission is asked: whether the token has the scope for looking, or for changing something. */
export async function assertTokenScopeAttempt(
  ctx: ServiceContext,
  { actor, isChange }: { readonly actor: Actor; readonly isChange: boolean },
): Promise<void> {
  if (!isChange) return assertTokenScope(actor, "read");
  return accountAttempt(ctx, actor, async () => assertTokenScope(actor, "write"));
}

/** What changes a person's own account, or anybody's access, asks for a browser session: a token may not multiply itself. */
export function sessionPersonAttempt(ctx: ServiceContext, actor: Actor): Promise<PersonActor> {
  return accountAttempt(ctx, actor, async () => sessionPerson(actor));
}

/** A check of a change to one's own account; a refusal leaves an audit row of its own. */
export function accountAttempt<T>(ctx: ServiceContext, actor: Actor, check: () => Promise<T>): Promise<T> {
  const entity = { kind: "user", id: actorId(actor) };
  return recorded(ctx, { actor, isChange: true, projectId: null, wanted: "identity.account_change", entity }, check);
}

type Place = {
  readonly actor: Actor;
  readonly isChange: boolean;
  readonly projectId: string | null;
  readonly wanted: string;
  readonly entity: { readonly kind: string; readonly id: string };
};

async function recorded<T>(ctx: ServiceContext, place: Place, check: () => Promise<T>): Promise<T> {
  try {
    return await check();
  } catch (error) {
    if (place.isChange && error instanceof AppError && error.code === "forbidden") {
      await writeAudit(ctx.db, {
        actor: place.actor,
        organisationId: organisationOf(place.actor),
        projectId: place.projectId,
        action: `${place.wanted}_refused`,
        entity: place.entity,
        summary: "tried what their roles or token do not allow",
        details: { permission: place.wanted, reason: error.reason },
        requestId: ctx.requestId,
        at: ctx.clock(),
      });
    }
    throw error;
  }
}

function organisationOf(actor: Actor): string | null {
  return "organisationId" in actor ? actor.organisationId : null;
}
