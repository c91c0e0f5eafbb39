import { eq, like, sql } from "drizzle-orm";
import { auditEvents } from "@/db/schema/audit";
import { memberships, users } from "@/db/schema/identity";
import { PERMISSIONS, type Permission } from "@/domain/identity/policy";
import { PROCESS_ROLES, type Role } from "@/domain/identity/roles";
import type { Actor, TokenScope } from "../authz/actor";
import type { ServiceContext } from "../context";
import { newId } from "../ids";
import { World } from "./world";

export const isPermission = (access: string | undefined): access is Permission =>
  (PERMISSIONS as readonly string[]).includes(access ?? "");

/** Bookkeeping that a refusal may write: its audit row, and the count of a sign-in. */
const NOT_COUNTED = new Set(["audit_events", "audit_seals", "sign_in_throttles"]);

export async function rowCounts(world: World): Promise<Readonly<Record<string, number>>> {
  const tables = await world.db.execute<{ name: string }>(
    sql`select tablename as name from pg_tables where schemaname = 'public'`,
  );
  const counted = tables.map((table) => table.name).filter((name) => !NOT_COUNTED.has(name));
  const query = counted
    .map((name) => `select '${name}' as name, count(*)::int as n from "${name}"`)
    .join(" union all ");
  const rows = await world.db.execute<{ name: string; n: number }>(sql.raw(query));
  return Object.fromEntries(rows.map((row) => [row.name, row.n]));
}

/** Audit rows of refusals so far. */
export function refusals(world: World): Promise<number> {
  return world.db.$count(auditEvents, like(auditEvents.action, "%\\_refused"));
}

/** Somebody who has this one role, as a session; a service account comes with its token. */
export async function actorWith(world: World, role: Role): Promise<Actor> {
  if (role === "SVC") {
    const id = newId();
    await world.db.insert(users).values({ id, organisationId: world.organisationId, kind: "service", name: "CI" });
    await world.db.insert(memberships).values({ projectId: world.project.id, userId: id, role });
    const token = {
      tokenId: newId(),
      projectId: world.project.id,
      scopes: ["read", "write", "predict"] as TokenScope[],
    };
    return { kind: "service", userId: id, organisationId: world.organisationId, name: "CI", token };
  }
  if (role === "ADM" || role === "AUD") {
    const member = await world.member();
    await world.db.update(users).set({ standing: role }).where(eq(users.id, member.id));
    return member.actor;
  }
  return (await world.member(role)).actor;
}

/** A person with every role of the process and the standing of an administrator, each somewhere else. */
export async function strangersTo(world: World, service: ServiceContext) {
  const foreign = await (await World.create(service)).member(...PROCESS_ROLES);
  await world.db.update(users).set({ standing: "ADM" }).where(eq(users.id, foreign.id));
  const neighbour = await (await world.neighbour()).member(...PROCESS_ROLES);
  return { foreign: foreign.actor, neighbour: neighbour.actor };
}

export function stepOf(world: World): Actor {
  return {
    kind: "run",
    name: "step",
    projectId: world.project.id,
    runId: newId(),
    attemptId: newId(),
    experimentRunId: newId(),
  };
}
