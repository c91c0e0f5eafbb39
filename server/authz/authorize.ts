import { and, eq } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { memberships, users } from "@/db/schema/identity";
import { projects } from "@/db/schema/projects";
import { AppError } from "@/domain/errors";
import { type Permission, type Reach, reachOf, refusalSentence, scopeNeededFor } from "@/domain/identity/policy";
import type { Role } from "@/domain/identity/roles";
import type { ServiceContext } from "../context";
import type { Actor, PersonActor } from "./actor";

const proof: unique symbol = Symbol("scope");

/** Evidence that `permission` was checked for this actor on this project. Only this file can make one. */
export type Scope<P extends Permission = Permission> = {
  readonly organisationId: string;
  readonly projectId: string;
  readonly actor: Actor;
  readonly roles: readonly Role[];
  /** `own` reaches only what the actor made or started; the verb looks. */
  readonly reach: Exclude<Reach, "none">;
  readonly [proof]: P;
};

/** The same on the organisation: people, projects, the audit trail of all projects. */
export type OrganisationScope<P extends Permission = Permission> = Omit<Scope<P>, "projectId">;

/**
 * What a step's token may do, whatever roles the person has who started the run. A step gets its data as files: with
 * `data.read` it could read the hold-out that its model is judged by, with `projects.read` the members' addresses.
 */
const RUN_PERMISSIONS: readonly Permission[] = [
  "experiments.read",
  "experiments.write",
  "registry.read",
  "registry.register",
];

type Standing = { readonly organisationId: string; readonly roles: readonly Role[] };

/** Roles in the project as they are now, with the standing in the organisation; null where the actor is a stranger. */
async function standingIn(db: Executor, actor: Actor, projectId: string): Promise<Standing | null> {
  if (actor.kind === "system" || actor.kind === "run") {
    const [project] = await db
      .select({ organisationId: projects.organisationId })
      .from(projects)
      .where(eq(projects.id, projectId));
    const isAtHome = actor.kind === "system" || actor.projectId === projectId;
    return project && isAtHome ? { organisationId: project.organisationId, roles: ["SVC"] } : null;
  }
  if (actor.token?.projectId && actor.token.projectId !== projectId) return null;
  const rows = await db
    .select({
      organisationId: projects.organisationId,
      role: memberships.role,
      standing: users.standing,
      deactivatedAt: users.deactivatedAt,
    })
    .from(projects)
    .innerJoin(users, eq(users.organisationId, projects.organisationId))
    .leftJoin(memberships, and(eq(memberships.projectId, projects.id), eq(memberships.userId, users.id)))
    .where(and(eq(projects.id, projectId), eq(users.id, actor.userId)));
  const [first] = rows;
  if (!first || first.deactivatedAt) return null;
  const roles = rows.flatMap((row) => (row.role ? [row.role] : []));
  if (first.standing !== "member") roles.push(first.standing);
  return roles.length > 0 ? { organisationId: first.organisationId, roles } : null;
}

function assertTokenAllows(actor: Actor, permission: Permission): void {
  const token = actor.kind === "person" || actor.kind === "service" ? actor.token : null;
  const needed = scopeNeededFor(permission);
  if (token && !token.scopes.includes(needed)) {
    throw new AppError("forbidden", "token_scope", `This token lacks the scope "${needed}".`);
  }
}

function reachOrRefuse(actor: Actor, roles: readonly Role[], permission: Permission): Exclude<Reach, "none"> {
  if (actor.kind === "system") return "any";
  if (actor.kind === "run") {
    if (RUN_PERMISSIONS.includes(permission)) return "own";
    throw new AppError(
      "forbidden",
      "run_token",
      "A step's token may only write its own experiment run and register from it.",
    );
  }
  const reach = reachOf(roles, permission);
  if (reach === "none") throw new AppError("forbidden", permission, refusalSentence(roles, permission) ?? undefined);
  assertTokenAllows(actor, permission);
  return reach;
}

/** Checks `permission` on a project for any kind of actor. A stranger learns only that there is no such project. */
export async function authorize<P extends Permission>(
  context: { readonly db: Executor },
  actor: Actor,
  permission: P,
  projectId: string,
): Promise<Scope<P>> {
  const standing = await standingIn(context.db, actor, projectId);
  if (!standing) throw new AppError("not_found", "project", "There is no such project.");
  const reach = reachOrRefuse(actor, standing.roles, permission);
  return { ...standing, projectId, actor, reach, [proof]: permission };
}

/** Checks `permission` on the actor's organisation: the standing there, and the roles held in any project. */
export async function authorizeOrganisation<P extends Permission>(
  context: Pick<ServiceContext, "db">,
  actor: Actor,
  permission: P,
): Promise<OrganisationScope<P>> {
  if (actor.kind !== "person") throw new AppError("forbidden", "person_needed", "Only a person may do this.");
  if (actor.token?.projectId) throw new AppError("forbidden", "token_scope", "This token reaches one project only.");
  const rows = await context.db
    .select({ role: memberships.role, standing: users.standing, deactivatedAt: users.deactivatedAt })
    .from(users)
    .leftJoin(memberships, eq(memberships.userId, users.id))
    .where(eq(users.id, actor.userId));
  const [first] = rows;
  if (!first || first.deactivatedAt)
    throw new AppError("unauthenticated", "deactivated", "This account is deactivated.");
  const roles: Role[] = [...new Set(rows.flatMap((row) => (row.role ? [row.role] : [])))];
  if (first.standing !== "member") roles.push(first.standing);
  const reach = reachOrRefuse(actor, roles, permission);
  return { organisationId: actor.organisationId, actor, roles, reach, [proof]: permission };
}

export function personActor(actor: Actor): PersonActor {
  if (actor.kind !== "person") throw new AppError("forbidden", "person_needed", "Only a person may do this.");
  return actor;
}

/** The person who acts: signing is for people. A token of theirs signs only with the scope `sign`. */
export function personOf(scope: Scope | OrganisationScope): { readonly userId: string; readonly name: string } {
  const { userId, name } = personActor(scope.actor);
  return { userId, name };
}

/** What belongs to a person's own account (password, sessions, tokens) asks for a browser session: a token may not multiply itself. */
export function sessionPerson(actor: Actor): PersonActor {
  const person = personActor(actor);
  if (person.token)
    throw new AppError("forbidden", "session_needed", "A token may not do this. Sign in with your password.");
  return person;
}

/** Where no permission is asked: a token still needs the scope for looking, or for changing something. */
export function assertTokenScope(actor: Actor, scope: "read" | "write"): void {
  const token = actor.kind === "person" || actor.kind === "service" ? actor.token : null;
  if (token && !token.scopes.includes(scope))
    throw new AppError("forbidden", "token_scope", `This token lacks the scope "${scope}".`);
}

export function systemActor(name: string): Actor {
  return { kind: "system", name };
}
