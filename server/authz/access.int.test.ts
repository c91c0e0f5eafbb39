import { eq } from "drizzle-orm";
import { describe, expect } from "vitest";
import { auditEvents } from "@/db/schema/audit";
import { roleGrants, users } from "@/db/schema/identity";
import { AppError } from "@/domain/errors";
import { can, type Permission, scopeNeededFor } from "@/domain/identity/policy";
import { PROCESS_ROLES, ROLES } from "@/domain/identity/roles";
import { newId } from "../ids";
import { actorWith, isPermission, refusals, rowCounts, stepOf, strangersTo } from "../testing/access";
import { test, type World } from "../testing/world";
import { appRouter, createCaller } from "../trpc/root";
import type { Actor } from "./actor";

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

const guarded = procedures.flatMap(({ path, access, isWrite }) =>
  isPermission(access) ? [{ path, access, isWrite }] : [],
);

type Outcome = { readonly answer: unknown; readonly refusal: AppError | null };

async function call(
  world: World,
  actor: Actor | null,
  { path, input }: { readonly path: string; readonly input: unknown },
): Promise<Outcome> {
  const [domain = "", name = ""] = path.split(".");
  const caller = createCaller({ ...world.ctx, actor }) as unknown as Record<
    string,
    Record<string, (input: unknown) => Promise<unknown>>
  >;
  try {
    return { answer: await caller[domain]?.[name]?.(input), refusal: null };
  } catch (error) {
    const cause = error instanceof Error ? error.cause : null;
    return { answer: null, refusal: cause instanceof AppError ? cause : null };
  }
}

/** The refusal of a call with the least input; null where it got past authorisation (and, as a rule, fails for its input). */
async function refusalOf(world: World, actor: Actor | null, path: string): Promise<AppError | null> {
  return (await call(world, actor, { path, input: { projectId: world.project.id } })).refusal;
}

type Theirs = { readonly userId: string; readonly grantId: string; readonly eventId: string };

/** Procedures on the caller's own organisation, each with input that names things of another one. */
const ORGANISATION_PROCEDURES: Readonly<Record<string, (theirs: Theirs) => unknown>> = {
  "projects.create": () => ({}),
  "identity.people": () => undefined,
  "identity.duties": ({ userId }) => ({ userId }),
  "identity.grants": () => undefined,
  "identity.inviteToOrganisation": () => ({}),
  "identity.setStanding": ({ userId }) => ({ userId, standing: "AUD" }),
  "identity.decideGrant": ({ grantId }) => ({ grantId, isGranted: true }),
  "identity.createResetLink": ({ userId }) => ({ userId }),
  "identity.deactivatePerson": ({ userId }) => ({ userId }),
  "identity.reactivatePerson": ({ userId }) => ({ userId }),
  "audit.listOrganisation": () => ({}),
  "audit.facetsOrganisation": () => undefined,
  "audit.getOrganisation": ({ eventId }) => ({ eventId }),
  "audit.verify": () => undefined,
};
const onProjects = guarded.filter(({ path }) => !(path in ORGANISATION_PROCEDURES));

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
    for (const { path, access, isWrite } of guarded.filter((procedure) => !can([role], procedure.access))) {
      const rows = await refusals(world);
      const refusal = await refusalOf(world, actor, path);
      expect((await refusals(world)) - rows, `${role} calls ${path}: audit rows`).toBe(isWrite ? 1 : 0);
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
    for (const { path } of writes) {
      const rows = await refusals(world);
      expect((await refusalOf(world, actor, path))?.reason, path).toBe("token_scope");
      expect((await refusals(world)) - rows, path).toBe(1);
    }
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
    const actor = stepOf(world);
    const before = await rowCounts(world);
    for (const { path, access, isWrite } of guarded) {
      if (!isWrite || access === "experiments.write" || access === "registry.register") continue;
      const rows = await refusals(world);
      expect((await refusalOf(world, actor, path))?.code, path).toBe("forbidden");
      expect((await refusals(world)) - rows, path).toBe(1);
    }
    expect(await rowCounts(world)).toEqual(before);
  });

  test("a step's token looks at experiments and the registry alone: not at data, not at people", async ({ world }) => {
    const actor = stepOf(world);
    for (const { path, access } of guarded) {
      if (access.startsWith("experiments.") || access.startsWith("registry.")) continue;
      expect((await refusalOf(world, actor, path))?.code, path).toBe("forbidden");
    }
  });

  test("a token makes and ends no access, and the attempt is on record", async ({ world }) => {
    const member = await world.member(...PROCESS_ROLES);
    await world.db.update(users).set({ standing: "ADM" }).where(eq(users.id, member.id));
    const actor = {
      ...member.actor,
      sessionId: null,
      token: { tokenId: newId(), projectId: null, scopes: ["read", "write"] },
    } as Actor;
    const attempts = [
      { path: "identity.createToken", input: { projectId: null, name: "t", scopes: ["read"], expiresInDays: 1 } },
      { path: "identity.revokeSession", input: { sessionId: newId() } },
      { path: "identity.deactivatePerson", input: { userId: member.id } },
      { path: "identity.createResetLink", input: { userId: member.id } },
    ];
    for (const attempt of attempts) {
      const rows = await refusals(world);
      expect((await call(world, actor, attempt)).refusal?.reason, attempt.path).toBe("session_needed");
      expect((await refusals(world)) - rows, attempt.path).toBe(1);
    }
  });

  test("who is not signed in is asked to sign in", async ({ world }) => {
    for (const { path, access } of procedures) {
      if (access === "public") continue;
      expect((await refusalOf(world, null, path))?.code, path).toBe("unauthenticated");
    }
  });

  test("a stranger of another organisation, or of another project of the same one, finds no project", async ({
    world,
    service,
  }) => {
    const strangers = await strangersTo(world, service);
    const before = await rowCounts(world);
    for (const [who, actor] of Object.entries(strangers)) {
      for (const { path } of onProjects) {
        const refusal = await refusalOf(world, actor, path);
        expect([refusal?.code, refusal?.reason], `${who} calls ${path}`).toEqual(["not_found", "project"]);
      }
    }
    expect(await rowCounts(world)).toEqual(before);
  });

  test("what belongs to the organisation stays in it, also for another one's administrator", async ({
    world,
    service,
  }) => {
    const { foreign } = await strangersTo(world, service);
    const theirs = await world.member("R3");
    const grantId = newId();
    await world.db
      .insert(roleGrants)
      .values({ id: grantId, projectId: world.project.id, userId: theirs.id, role: "R7", requestedBy: theirs.id });
    await theirs.api.projects.create({ name: "x" }).catch(() => undefined);
    const [event] = await world.db.select().from(auditEvents).where(eq(auditEvents.actorId, theirs.id));
    expect(event, "an event of theirs").toBeDefined();
    const named = { userId: theirs.id, grantId, eventId: event?.id ?? "" };
    const secrets = [...Object.values(named), world.organisationId, world.project.id];
    const before = await rowCounts(world);
    expect(Object.keys(ORGANISATION_PROCEDURES).filter((path) => !(path in declared))).toEqual([]);
    for (const [path, inputOf] of Object.entries(ORGANISATION_PROCEDURES)) {
      const { answer, refusal } = await call(world, foreign, { path, input: inputOf(named) });
      const isNamed = Object.keys((inputOf(named) as object | undefined) ?? {}).length > 0;
      if (isNamed && path !== "identity.duties") expect(refusal?.code, path).toBe("not_found");
      for (const secret of secrets) expect(JSON.stringify(answer ?? null), path).not.toContain(secret);
    }
    expect(await call(world, foreign, { path: "identity.duties", input: { userId: theirs.id } })).toMatchObject({
      answer: [],
    });
    expect(await rowCounts(world)).toEqual(before);
  });

  test("what asks for a sign-in alone tells a stranger nothing about the project", async ({ world, service }) => {
    const strangers = await strangersTo(world, service);
    const input = { projectId: world.project.id, slug: world.project.slug };
    for (const [who, actor] of Object.entries(strangers)) {
      for (const { path } of procedures.filter(({ access, isWrite }) => access === "signed_in" && !isWrite)) {
        const { answer } = await call(world, actor, { path, input });
        const text = JSON.stringify(answer ?? null);
        for (const secret of [world.project.id, world.project.slug])
          expect(text, `${who} calls ${path}`).not.toContain(secret);
      }
    }
  });
});
