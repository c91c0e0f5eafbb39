import { eq, sql } from "drizzle-orm";
import type { Hono } from "hono";
import { describe, expect } from "vitest";
import { memberships, users } from "@/db/schema/identity";
import { AppError } from "@/domain/errors";
import { can, PERMISSIONS, type Permission, refusalSentence, scopeNeededFor } from "@/domain/identity/policy";
import { PROCESS_ROLES, ROLES, type Role } from "@/domain/identity/roles";
import { createHttpApp } from "../http/app";
import { newId } from "../ids";
import { test, World } from "../testing/world";
import { appRouter, createCaller } from "../trpc/root";
import type { Actor, TokenScope } from "./actor";

type Access = Permission | "public" | "signed_in";
type Procedure = { readonly path: string; readonly access: Access | undefined; readonly isWrite: boolean };

/** By path at run time, whatever the nested type says. */
const declared = appRouter._def.procedures as unknown as Record<
  string,
  { readonly _def: { readonly meta?: { readonly access?: Access }; readonly type: string } }
>;
const procedures: readonly Procedure[] = Object.entries(declared).map(([path, { _def }]) => ({
  path,
  access: _def.meta?.access,
  isWrite: _def.type === "mutation",
}));

const isPermission = (access: string | undefined): access is Permission =>
  (PERMISSIONS as readonly string[]).includes(access ?? "");
const guarded = procedures.flatMap(({ path, access, isWrite }) =>
  isPermission(access) ? [{ path, access, isWrite }] : [],
);

/** Bookkeeping that a refusal may write: its audit row, and the count of a sign-in. */
const NOT_COUNTED = new Set(["audit_events", "audit_seals", "sign_in_throttles"]);

async function rowCounts(world: World): Promise<Readonly<Record<string, number>>> {
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

/** Somebody who has this one role, as a session; a service account comes with its token. */
async function actorWith(world: World, role: Role): Promise<Actor> {
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

/** The refusal of a call with the least input; null where it got past authorisation (and, as a rule, fails for its input). */
async function refusalOf(world: World, actor: Actor | null, path: string): Promise<AppError | null> {
  const [domain = "", name = ""] = path.split(".");
  const caller = createCaller({ ...world.ctx, actor }) as unknown as Record<
    string,
    Record<string, (input: unknown) => Promise<unknown>>
  >;
  try {
    await caller[domain]?.[name]?.({ projectId: world.project.id });
    return null;
  } catch (error) {
    const cause = error instanceof Error ? error.cause : null;
    return cause instanceof AppError ? cause : null;
  }
}

describe("tRPC procedures", () => {
  test("each declares its access, and only these need nobody", () => {
    expect(
      procedures
        .filter(({ access }) => access !== "public" && access !== "signed_in" && !isPermission(access))
        .map(({ path }) => path),
    ).toEqual([]);
    expect(procedures.filter(({ access }) => access === "public").map(({ path }) => path)).toEqual([
      "identity.setUp",
      "identity.acceptInvitation",
      "identity.resetPassword",
      "identity.createTokenByPassword",
    ]);
  });

  test.for(ROLES)("%s may call what the matrix allows; a refusal changes no row", async (role, { world }) => {
    const actor = await actorWith(world, role);
    const before = await rowCounts(world);
    for (const { path, access } of guarded.filter((procedure) => !can([role], procedure.access))) {
      const refusal = await refusalOf(world, actor, path);
      // A service account does not even enter what belongs to the organisation.
      expect([access, "person_needed"], `${role} calls ${path}`).toContain(refusal?.reason);
      expect(refusal?.code).toBe("forbidden");
      expect(await rowCounts(world), `${role} called ${path}`).toEqual(before);
    }
    for (const { path, access } of guarded.filter((procedure) => can([role], procedure.access))) {
      expect((await refusalOf(world, actor, path))?.reason, `${role} calls ${path}`).not.toBe(access);
    }
  });

  test("a token that may only look changes nothing, whatever its owner may", async ({ world }) => {
    const member = await world.member(...PROCESS_ROLES);
    await world.db.update(users).set({ standing: "ADM" }).where(eq(users.id, member.id));
    const actor: Actor = {
      ...member.actor,
      sessionId: null,
      token: { tokenId: newId(), projectId: null, scopes: ["read"] },
    } as Actor;
    const before = await rowCounts(world);
    const writes = procedures.filter(({ access, isWrite }) => isWrite && access !== "public");
    for (const { path } of writes) expect((await refusalOf(world, actor, path))?.reason, path).toBe("token_scope");
    expect(await rowCounts(world)).toEqual(before);
  });

  test("every write that signs asks for the scope to sign", () => {
    for (const { access, isWrite, path } of guarded) {
      if (!isWrite) continue;
      expect(["write", "sign", "predict"], path).toContain(scopeNeededFor(access));
    }
  });

  test("a step's token calls nothing that changes something but its experiment run and its registration", async ({
    world,
  }) => {
    const actor: Actor = {
      kind: "run",
      name: "step",
      projectId: world.project.id,
      runId: newId(),
      attemptId: newId(),
      experimentRunId: newId(),
    };
    const before = await rowCounts(world);
    for (const { path, access, isWrite } of guarded) {
      if (!isWrite || access === "experiments.write" || access === "registry.register") continue;
      expect((await refusalOf(world, actor, path))?.code, path).toBe("forbidden");
    }
    expect(await rowCounts(world)).toEqual(before);
  });

  test("a stranger finds no project, nobody is asked to sign in", async ({ world, service }) => {
    const stranger = (await (await World.create(service)).member("R7")).actor;
    const before = await rowCounts(world);
    for (const { path, access } of procedures) {
      if (access === "public") continue;
      expect((await refusalOf(world, null, path))?.code, path).toBe("unauthenticated");
      const refusal = await refusalOf(world, stranger, path);
      if (isPermission(access) && can(["R7"], access))
        expect([undefined, "not_found", "forbidden"], path).toContain(refusal?.code);
    }
    expect(await rowCounts(world)).toEqual(before);
  });
});

describe("HTTP routes", () => {
  const fill = (path: string, projectId: string) =>
    path
      .replace(":projectId", projectId)
      .replaceAll(/:(\w+)(\{[^}]*\})?/g, newId())
      .replaceAll("*", "x");

  type Route = { readonly method: string; readonly path: string };

  async function request(world: World, app: Hono, route: Route, token: string | null) {
    const stop = new AbortController();
    const headers: Record<string, string> = {
      "content-type": "application/json",
      "x-countersign-project": world.project.id,
    };
    if (token) headers.authorization = `Bearer ${token}`;
    const body = route.method === "GET" ? null : "{}";
    const response = await app.request(fill(route.path, world.project.id), {
      method: route.method,
      headers,
      body,
      signal: stop.signal,
    });
    const text = response.status >= 400 ? await response.text() : "";
    await response.body?.cancel().catch(() => undefined);
    stop.abort();
    return { status: response.status, text };
  }

  async function tokenFor(world: World, role: Role): Promise<string> {
    const actor = await actorWith(world, role);
    if (actor.kind === "service") {
      const admin = createCaller({ ...world.ctx, actor: await actorWith(world, "ADM") });
      const input = {
        projectId: world.project.id,
        serviceId: actor.userId,
        name: "t",
        scopes: ["read", "write", "predict"] as ("read" | "write" | "predict")[],
        expiresInDays: 1,
      };
      return (await admin.identity.createServiceToken(input)).token;
    }
    const scopes = ["read", "write", "predict", "sign"] as TokenScope[];
    return (
      await createCaller({ ...world.ctx, actor }).identity.createToken({
        projectId: world.project.id,
        name: "t",
        scopes,
        expiresInDays: 1,
      })
    ).token;
  }

  test("each is declared, and only these need nobody", ({ world }) => {
    const { app, declared } = createHttpApp(world.ctx);
    const names = new Set(declared.map(({ method, path }) => `${method} ${path}`));
    expect(app.routes.map(({ method, path }) => `${method} ${path}`).filter((name) => !names.has(name))).toEqual([]);
    const open = declared.filter(({ access }) => access === "public").map(({ method, path }) => `${method} ${path}`);
    expect(open.filter((name) => !["GET /health", "GET /version"].includes(name))).toEqual([]);
  });

  test.for(ROLES)(
    "%s may call what the matrix allows; a refusal changes no row",
    { timeout: 60_000 },
    async (role, { world }) => {
      const token = await tokenFor(world, role);
      const { app, declared } = createHttpApp(world.ctx);
      const before = await rowCounts(world);
      for (const route of declared) {
        if (!isPermission(route.access) || can([role], route.access)) continue;
        const { status, text } = await request(world, app, route, token);
        expect(status, `${role} calls ${route.method} ${route.path}: ${text}`).toBe(403);
        expect(await rowCounts(world), `${role} called ${route.method} ${route.path}`).toEqual(before);
      }
      for (const route of declared) {
        if (!isPermission(route.access) || !can([role], route.access)) continue;
        const { status, text } = await request(world, app, route, token);
        const lacking = refusalSentence([], route.access) ?? "";
        expect(
          status === 401 || (status === 403 && text.includes(lacking)),
          `${role} calls ${route.method} ${route.path}: ${status} ${text}`,
        ).toBe(false);
      }
    },
  );

  test("a stranger's token finds nothing, no token is refused, and no row changes", { timeout: 60_000 }, async ({
    world,
    service,
  }) => {
    const elsewhere = await World.create(service);
    const stranger = await tokenFor(elsewhere, "R7");
    const { app, declared } = createHttpApp(world.ctx);
    const before = await rowCounts(world);
    for (const route of declared) {
      if (route.access === "public") continue;
      const name = `${route.method} ${route.path}`;
      expect((await request(world, app, route, null)).status, name).toBe(401);
      expect((await request(world, app, route, `${stranger}x`)).status, name).toBe(401);
      if (isPermission(route.access)) expect((await request(world, app, route, stranger)).status, name).toBe(404);
    }
    expect(await rowCounts(world)).toEqual(before);
  });
});
