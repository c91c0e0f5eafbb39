import { and, asc, desc, eq, gt, isNull, or, sql } from "drizzle-orm";
import { memberships, oneTimeLinks, organisations, roleGrants, sessions, tokens, users } from "@/db/schema/identity";
import { projects } from "@/db/schema/projects";
import type { Role } from "@/domain/identity/roles";
import type { Actor } from "../authz/actor";
import { type OrganisationScope, type Scope, sessionPerson } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { hasPeople } from "./administrators";
import { openDuties } from "./duties";
import { findLink, stateOf } from "./one-time-links";

const rolesHeld = sql<Role[]>`array_agg(${memberships.role} order by ${memberships.role})`;

/** Who is signed in, for the shell: name, standing; null for nobody. */
export async function whoAmI(ctx: ServiceContext, actor: Actor) {
  if (actor.kind !== "person")
    return { kind: actor.kind, name: actor.name, email: null, standing: "member" as const, organisation: null };
  const [row] = await ctx.db
    .select({
      id: users.id,
      name: users.name,
      email: users.email,
      standing: users.standing,
      organisation: organisations.name,
    })
    .from(users)
    .innerJoin(organisations, eq(organisations.id, users.organisationId))
    .where(eq(users.id, actor.userId));
  return {
    kind: "person" as const,
    name: actor.name,
    email: null,
    standing: "member" as const,
    organisation: null,
    ...row,
  };
}

/** People and service accounts with a role in the project, and the grants that wait for a second administrator. */
export async function listMembers(ctx: ServiceContext, scope: Scope<"projects.read">) {
  const [members, waiting] = await Promise.all([
    ctx.db
      .select({
        userId: users.id,
        name: users.name,
        email: users.email,
        kind: users.kind,
        isDeactivated: sql<boolean>`${users.deactivatedAt} is not null`,
        roles: rolesHeld,
      })
      .from(memberships)
      .innerJoin(users, eq(users.id, memberships.userId))
      .where(eq(memberships.projectId, scope.projectId))
      .groupBy(users.id)
      .orderBy(asc(users.name), asc(users.id)),
    ctx.db
      .select({ userId: roleGrants.userId, name: users.name, role: roleGrants.role, createdAt: roleGrants.createdAt })
      .from(roleGrants)
      .innerJoin(users, eq(users.id, roleGrants.userId))
      .where(and(eq(roleGrants.projectId, scope.projectId), isNull(roleGrants.decidedAt)))
      .orderBy(asc(roleGrants.createdAt)),
  ]);
  return { members, waiting };
}

/** Invitations into the project that nobody has used yet; expired ones are marked. Never their secret. */
export async function listInvitations(ctx: ServiceContext, scope: Scope<"identity.invite">) {
  const rows = await ctx.db
    .select({
      id: oneTimeLinks.id,
      email: oneTimeLinks.email,
      roles: oneTimeLinks.roles,
      invitedBy: users.name,
      createdAt: oneTimeLinks.createdAt,
      expiresAt: oneTimeLinks.expiresAt,
    })
    .from(oneTimeLinks)
    .innerJoin(users, eq(users.id, oneTimeLinks.createdBy))
    .where(
      and(
        eq(oneTimeLinks.projectId, scope.projectId),
        eq(oneTimeLinks.kind, "invitation"),
        isNull(oneTimeLinks.usedAt),
      ),
    )
    .orderBy(desc(oneTimeLinks.createdAt));
  const now = ctx.clock();
  return rows.map((row) => ({ ...row, isExpired: row.expiresAt <= now }));
}

/** Everybody of the organisation with their standing and the number of projects in which they have a role. */
export async function listPeople(ctx: ServiceContext, scope: OrganisationScope<"identity.read_people">) {
  return ctx.db
    .select({
      userId: users.id,
      name: users.name,
      email: users.email,
      standing: users.standing,
      deactivatedAt: users.deactivatedAt,
      createdAt: users.createdAt,
      projects: sql<number>`count(distinct ${memberships.projectId})::int`,
    })
    .from(users)
    .leftJoin(memberships, eq(memberships.userId, users.id))
    .where(and(eq(users.organisationId, scope.organisationId), eq(users.kind, "person")))
    .groupBy(users.id)
    .orderBy(asc(users.name), asc(users.id));
}

/** What would be left open if this person were deactivated now. */
export async function dutiesOf(ctx: ServiceContext, scope: OrganisationScope<"identity.read_people">, userId: string) {
  const [person] = await ctx.db
    .select({ id: users.id })
    .from(users)
    .where(and(eq(users.id, userId), eq(users.organisationId, scope.organisationId)));
  return person ? openDuties(ctx.db, person.id) : [];
}

/** Grants that wait for a second administrator, in any project of the organisation. */
export async function listGrants(ctx: ServiceContext, scope: OrganisationScope<"identity.read_people">) {
  const rows = await ctx.db
    .select({
      id: roleGrants.id,
      role: roleGrants.role,
      person: users.name,
      project: projects.name,
      requestedBy: roleGrants.requestedBy,
      requester: sql<string>`(select u.name from users u where u.id = ${roleGrants.requestedBy})`,
      createdAt: roleGrants.createdAt,
    })
    .from(roleGrants)
    .innerJoin(users, eq(users.id, roleGrants.userId))
    .leftJoin(projects, eq(projects.id, roleGrants.projectId))
    .where(and(eq(users.organisationId, scope.organisationId), isNull(roleGrants.decidedAt)))
    .orderBy(asc(roleGrants.createdAt));
  const me = scope.actor.kind === "person" ? scope.actor.userId : null;
  return rows.map((row) => ({ ...row, isMine: row.requestedBy === me }));
}

const tokenColumns = {
  id: tokens.id,
  name: tokens.name,
  hint: tokens.hint,
  scopes: tokens.scopes,
  createdAt: tokens.createdAt,
  expiresAt: tokens.expiresAt,
  lastUsedAt: tokens.lastUsedAt,
};

/** The person's own tokens that still work, newest first; all projects, or one. */
export async function listTokens(ctx: ServiceContext, actor: Actor, projectId?: string) {
  const person = sessionPerson(actor);
  return ctx.db
    .select({ ...tokenColumns, project: projects.name, projectId: tokens.projectId })
    .from(tokens)
    .leftJoin(projects, eq(projects.id, tokens.projectId))
    .where(
      and(
        eq(tokens.userId, person.userId),
        isNull(tokens.revokedAt),
        or(isNull(tokens.expiresAt), gt(tokens.expiresAt, ctx.clock())),
        projectId ? eq(tokens.projectId, projectId) : undefined,
      ),
    )
    .orderBy(desc(tokens.createdAt));
}

/** The person's sessions that still stand; `isCurrent` marks the one that asks. */
export async function listSessions(ctx: ServiceContext, actor: Actor) {
  const person = sessionPerson(actor);
  const rows = await ctx.db
    .select({
      id: sessions.id,
      createdAt: sessions.createdAt,
      expiresAt: sessions.expiresAt,
      userAgent: sessions.userAgent,
    })
    .from(sessions)
    .where(and(eq(sessions.userId, person.userId), isNull(sessions.revokedAt), gt(sessions.expiresAt, ctx.clock())))
    .orderBy(desc(sessions.createdAt));
  return rows.map((row) => ({ ...row, isCurrent: row.id === person.sessionId }));
}

/** The project's service accounts with their tokens that still work. */
export async function listServiceAccounts(ctx: ServiceContext, scope: Scope<"projects.read">) {
  const [accounts, theirTokens] = await Promise.all([
    ctx.db
      .select({ serviceId: users.id, name: users.name, createdAt: users.createdAt })
      .from(memberships)
      .innerJoin(users, eq(users.id, memberships.userId))
      .where(and(eq(memberships.projectId, scope.projectId), eq(memberships.role, "SVC"), isNull(users.deactivatedAt)))
      .orderBy(asc(users.name), asc(users.id)),
    ctx.db
      .select({ ...tokenColumns, userId: tokens.userId })
      .from(tokens)
      .innerJoin(users, eq(users.id, tokens.userId))
      .where(and(eq(tokens.projectId, scope.projectId), eq(users.kind, "service"), isNull(tokens.revokedAt)))
      .orderBy(desc(tokens.createdAt)),
  ]);
  return accounts.map((account) => ({
    ...account,
    tokens: theirTokens.filter((token) => token.userId === account.serviceId),
  }));
}

/** What the page of a one-time link shows: its state, and for an invitation who invited whom into what. */
export async function describeLink(ctx: ServiceContext, kind: "setup" | "invitation" | "reset", secret: string) {
  const link = await findLink(ctx.db, kind, secret);
  const state = stateOf(link, ctx.clock());
  if (state !== "open" || !link) return { state, email: null, roles: [], project: null, organisation: null };
  const [[organisation], [project], [person]] = await Promise.all([
    link.organisationId
      ? ctx.db.select({ name: organisations.name }).from(organisations).where(eq(organisations.id, link.organisationId))
      : [],
    link.projectId ? ctx.db.select({ name: projects.name }).from(projects).where(eq(projects.id, link.projectId)) : [],
    link.userId ? ctx.db.select({ email: users.email }).from(users).where(eq(users.id, link.userId)) : [],
  ]);
  return {
    state,
    email: link.email ?? person?.email ?? null,
    roles: link.roles ?? [],
    project: project?.name ?? null,
    organisation: organisation?.name ?? null,
  };
}

export async function isSetUp(ctx: ServiceContext): Promise<boolean> {
  return hasPeople(ctx.db);
}
