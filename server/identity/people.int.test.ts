import { and, eq } from "drizzle-orm";
import { expect } from "vitest";
import { auditEvents } from "@/db/schema/audit";
import { memberships, oneTimeLinks, organisations, roleGrants, sessions, users } from "@/db/schema/identity";
import { actorBySession, actorByToken } from "../auth/authenticate";
import { hashPassword } from "../auth/passwords";
import { signIn } from "../auth/sign-in";
import { authorizeOrganisation } from "../authz/authorize";
import { openTestContext, test, type World } from "../testing/world";
import { createCaller } from "../trpc/root";
import { createSetupLink } from "./create-setup-link";
import { decideGrant } from "./decide-grant";

const PASSWORD = "correct horse battery staple";
const origin = { address: "192.0.2.1", userAgent: "test" };

const nobody = (world: World) => createCaller({ ...world.ctx, actor: null, address: "192.0.2.1" });

/** An administrator beside the world's founder; `alone` deactivates the founder. */
async function administrator(world: World, alone = false) {
  const member = await world.member();
  await world.db.update(users).set({ standing: "ADM" }).where(eq(users.id, member.id));
  if (alone) {
    await world.db
      .update(users)
      .set({ deactivatedAt: new Date() })
      .where(and(eq(users.organisationId, world.organisationId), eq(users.name, "Founder")));
  }
  return member;
}

async function invited(world: World, by: Awaited<ReturnType<World["member"]>>, roles: ("R1" | "R3" | "R7")[]) {
  const email = `${crypto.randomUUID()}@example.test`;
  const invitation = await by.api.identity.invite({ projectId: world.project.id, email, roles });
  if (invitation.kind !== "invited") throw new Error("The address had an account.");
  return { ...invitation, email };
}

const rolesOf = async (world: World, userId: string) =>
  (await world.db.select({ role: memberships.role }).from(memberships).where(eq(memberships.userId, userId)))
    .map((row) => row.role)
    .sort();

const actionsOn = async (world: World, entityId: string) =>
  (
    await world.db.select({ action: auditEvents.action }).from(auditEvents).where(eq(auditEvents.entityId, entityId))
  ).map((row) => row.action);

test("set-up works once, with the newest link alone, and makes an administrator", async () => {
  const ctx = await openTestContext();
  try {
    const api = createCaller({ ...ctx, actor: null });
    const first = await createSetupLink(ctx);
    const second = await createSetupLink(ctx);
    const input = { organisation: "Weather office", name: "Ada", email: "Ada@Example.test", password: PASSWORD };
    await expect(api.identity.setUp({ ...input, secret: first?.secret ?? "" })).rejects.toMatchObject({
      code: "PRECONDITION_FAILED",
    });
    await expect(api.identity.setUp({ ...input, secret: "x".repeat(40) })).rejects.toMatchObject({ code: "NOT_FOUND" });
    const both = await Promise.allSettled([
      api.identity.setUp({ ...input, secret: second?.secret ?? "" }),
      api.identity.setUp({ ...input, secret: second?.secret ?? "" }),
    ]);
    expect(both.filter((result) => result.status === "fulfilled")).toHaveLength(1);
    expect(await createSetupLink(ctx)).toBeNull();
    expect(await ctx.db.$count(organisations)).toBe(1);
    const { token } = await api.identity.createTokenByPassword({
      email: "ada@example.test",
      password: PASSWORD,
      projectId: null,
      name: "demo",
      scopes: ["read", "write"],
      expiresInDays: 1,
    });
    const actor = await actorByToken(ctx, token);
    const project = await createCaller({ ...ctx, actor }).projects.create({ name: "Rain" });
    expect(project.slug).toBe("rain");
  } finally {
    await ctx.close();
  }
});

test("a stakeholder invites a data scientist, who accepts once and signs in", async ({ world }) => {
  const stakeholder = await world.member("R1");
  const { secret, email, id } = await invited(world, stakeholder, ["R3"]);
  const accept = () => nobody(world).identity.acceptInvitation({ secret, name: "Ada", password: PASSWORD });
  const both = await Promise.allSettled([accept(), accept()]);
  const done = both.filter((result) => result.status === "fulfilled");
  expect(done).toHaveLength(1);
  expect(both.filter((result) => result.status === "rejected")[0]).toMatchObject({
    reason: { code: "PRECONDITION_FAILED" },
  });
  const { person } = await signIn(world.ctx, { email, password: PASSWORD }, origin);
  expect(await rolesOf(world, person.userId)).toEqual(["R3"]);
  expect((await actionsOn(world, id)).sort()).toEqual(["identity.invitation_accepted", "identity.invited"]);
});

test("two invitations of one address make one account", async ({ world }) => {
  const admin = await administrator(world);
  const email = `${crypto.randomUUID()}@example.test`;
  const make = () => admin.api.identity.invite({ projectId: world.project.id, email, roles: ["R3"] });
  const links = [await make(), await make()];
  const results = await Promise.allSettled(
    links.map((link) =>
      nobody(world).identity.acceptInvitation({
        secret: "secret" in link ? link.secret : "",
        name: "Ada",
        password: PASSWORD,
      }),
    ),
  );
  expect(results.filter((result) => result.status === "fulfilled")).toHaveLength(1);
  expect(await world.db.$count(users, eq(users.email, email))).toBe(1);
});

test("an expired or revoked invitation, and one of somebody who was deactivated, give nothing", async ({ world }) => {
  const stakeholder = await world.member("R1");
  const expired = await invited(world, stakeholder, ["R3"]);
  await world.db
    .update(oneTimeLinks)
    .set({ expiresAt: new Date(Date.now() - 1) })
    .where(eq(oneTimeLinks.id, expired.id));
  const revoked = await invited(world, stakeholder, ["R3"]);
  await stakeholder.api.identity.revokeInvitation({ projectId: world.project.id, invitationId: revoked.id });
  const orphaned = await invited(world, stakeholder, ["R3"]);
  await world.db.update(users).set({ deactivatedAt: new Date() }).where(eq(users.id, stakeholder.id));
  for (const { secret, email } of [expired, revoked, orphaned]) {
    await expect(
      nobody(world).identity.acceptInvitation({ secret, name: "Ada", password: PASSWORD }),
    ).rejects.toMatchObject({ code: "PRECONDITION_FAILED" });
    expect(await world.db.$count(users, eq(users.email, email))).toBe(0);
  }
});

test("a stakeholder may not invite an ML engineer, nor a data scientist anybody", async ({ world }) => {
  const [stakeholder, scientist] = [await world.member("R1"), await world.member("R3")];
  await expect(invited(world, stakeholder, ["R7"])).rejects.toMatchObject({ code: "FORBIDDEN" });
  await expect(invited(world, scientist, ["R3"])).rejects.toMatchObject({ code: "FORBIDDEN" });
});

test("the first administrator grants restricted roles alone, and the audit row says so", async ({ world }) => {
  const admin = await administrator(world, true);
  const { secret } = await invited(world, admin, ["R1", "R7"]);
  const { userId } = await nobody(world).identity.acceptInvitation({ secret, name: "Mia", password: PASSWORD });
  expect(await rolesOf(world, userId)).toEqual(["R1", "R7"]);
  const rows = await world.db
    .select()
    .from(auditEvents)
    .where(and(eq(auditEvents.entityId, userId), eq(auditEvents.action, "identity.role_granted")));
  expect(rows).toHaveLength(2);
  for (const row of rows) expect(row.summary).toContain("alone, because there is no second administrator yet");
});

test("with two administrators a restricted role waits for the second; the first cannot confirm their own", async ({
  world,
}) => {
  const [first, second] = [await administrator(world), await administrator(world)];
  const person = await world.member("R3");
  const { route } = await first.api.identity.grantRole({ projectId: world.project.id, userId: person.id, role: "R7" });
  expect(route).toBe("second_administrator");
  expect(await rolesOf(world, person.id)).toEqual(["R3"]);
  const [grant] = await second.api.identity.grants();
  const grantId = grant?.id ?? "";
  await expect(first.api.identity.decideGrant({ grantId, isGranted: true })).rejects.toMatchObject({
    code: "PRECONDITION_FAILED",
  });
  expect(await actionsOn(world, person.id)).toContain("identity.grant_refused");
  const third = await administrator(world);
  const decisions = await Promise.allSettled(
    [second, third].map((admin) => admin.api.identity.decideGrant({ grantId, isGranted: true })),
  );
  expect(decisions.filter((result) => result.status === "fulfilled")).toHaveLength(1);
  expect(await rolesOf(world, person.id)).toEqual(["R3", "R7"]);
});

test("a declined grant gives nothing; a stranger's administrator does not see it", async ({ world, service }) => {
  const [first, second] = [await administrator(world), await administrator(world)];
  const person = await world.member("R3");
  await first.api.identity.grantRole({ projectId: world.project.id, userId: person.id, role: "R6" });
  const [grant] = await first.api.identity.grants();
  const { World: Worlds } = await import("../testing/world");
  const elsewhere = await Worlds.create(service);
  const stranger = await administrator(elsewhere);
  expect(await stranger.api.identity.grants()).toEqual([]);
  await expect(stranger.api.identity.decideGrant({ grantId: grant?.id ?? "", isGranted: true })).rejects.toMatchObject({
    code: "NOT_FOUND",
  });
  await second.api.identity.decideGrant({ grantId: grant?.id ?? "", isGranted: false });
  expect(await rolesOf(world, person.id)).toEqual(["R3"]);
  expect(await world.db.$count(roleGrants, eq(roleGrants.userId, person.id))).toBe(1);
});

test("a deactivated person loses sessions and tokens at once; what was open on them is listed", async ({ world }) => {
  const admin = await administrator(world);
  const stakeholder = await world.member("R1");
  const invitation = await invited(world, stakeholder, ["R3"]);
  const sessionId = crypto.randomUUID();
  await world.db
    .insert(sessions)
    .values({ id: sessionId, userId: stakeholder.id, expiresAt: new Date(Date.now() + 60_000) });
  const { token } = await stakeholder.api.identity.createToken({
    projectId: world.project.id,
    name: "t",
    scopes: ["read"],
    expiresInDays: 1,
  });
  expect(await actorBySession(world.ctx, sessionId)).not.toBeNull();
  expect(await actorByToken(world.ctx, token)).not.toBeNull();

  const { duties } = await admin.api.identity.deactivatePerson({ userId: stakeholder.id });

  expect(duties).toMatchObject([{ kind: "invitation", id: invitation.id }]);
  expect(await actorBySession(world.ctx, sessionId)).toBeNull();
  expect(await actorByToken(world.ctx, token)).toBeNull();
  await expect(
    stakeholder.api.projects.stateProblem({
      projectId: world.project.id,
      goal: "g",
      kpiName: "k",
      kpiBaseline: 1,
      kpiTarget: 2,
    }),
  ).rejects.toMatchObject({ code: "NOT_FOUND" });
  await admin.api.identity.reactivatePerson({ userId: stakeholder.id });
  expect(await actorBySession(world.ctx, sessionId)).toBeNull();
});

test("the last administrator stays: neither deactivated nor made a plain member, and the attempt is on record", async ({
  world,
}) => {
  const admin = await administrator(world, true);
  await expect(admin.api.identity.deactivatePerson({ userId: admin.id })).rejects.toMatchObject({
    code: "PRECONDITION_FAILED",
  });
  await expect(admin.api.identity.setStanding({ userId: admin.id, standing: "member" })).rejects.toMatchObject({
    code: "PRECONDITION_FAILED",
  });
  expect(await actionsOn(world, admin.id)).toContain("identity.deactivation_refused");
});

test("the last administrator cannot become an auditor, by standing or by invitation, and each attempt is on record", async ({
  world,
}) => {
  const admin = await administrator(world, true);
  const attempts = [
    () => admin.api.identity.setStanding({ userId: admin.id, standing: "AUD" }),
    () => admin.api.identity.setStanding({ userId: admin.id, standing: "member" }),
    () => admin.api.identity.inviteToOrganisation({ email: `${admin.id}@example.test`, standing: "AUD" }),
  ];
  for (const [index, attempt] of attempts.entries()) {
    await expect(attempt()).rejects.toMatchObject({ cause: { reason: "last_administrator" } });
    const [row] = await world.db.select({ standing: users.standing }).from(users).where(eq(users.id, admin.id));
    expect(row?.standing).toBe("ADM");
    expect(await actionsOn(world, admin.id)).toEqual(Array(index + 1).fill("identity.standing_refused"));
  }
});

test("a grant that would take the last administrator's standing is refused at its confirmation too", async ({
  world,
}) => {
  const [last, other] = [await administrator(world, true), await administrator(world)];
  await last.api.identity.setStanding({ userId: last.id, standing: "AUD" });
  const [grant] = await other.api.identity.grants();
  // The second administrator loses the standing between the check of the permission and the decision.
  const scope = await authorizeOrganisation(world.ctx, other.actor, "identity.grant_restricted");
  await last.api.identity.setStanding({ userId: other.id, standing: "member" });
  await expect(decideGrant(world.ctx, scope, { grantId: grant?.id ?? "", isGranted: true })).rejects.toMatchObject({
    reason: "last_administrator",
  });
  expect(await actionsOn(world, last.id)).toContain("identity.grant_refused");
  const [row] = await world.db.select({ standing: users.standing }).from(users).where(eq(users.id, last.id));
  expect(row?.standing).toBe("ADM");
});

test("a stakeholder's attempts at roles that decide are on record", async ({ world }) => {
  const [stakeholder, person] = [await world.member("R1"), await world.member("R3", "R7")];
  const role = { projectId: world.project.id, userId: person.id, role: "R7" } as const;
  for (const attempt of [
    () => stakeholder.api.identity.grantRole(role),
    () => stakeholder.api.identity.removeRole(role),
    () => invited(world, stakeholder, ["R7"]),
  ]) {
    const refused = () =>
      world.db.$count(
        auditEvents,
        and(
          eq(auditEvents.projectId, world.project.id),
          eq(auditEvents.action, "identity.grant_restricted_refused"),
          eq(auditEvents.actorId, stakeholder.id),
        ),
      );
    const before = await refused();
    await expect(attempt()).rejects.toMatchObject({ code: "FORBIDDEN" });
    expect((await refused()) - before).toBe(1);
  }
});

test("a link that is none costs no hash of a password", async ({ world }) => {
  const cpuOf = async (work: () => Promise<unknown>) => {
    const before = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(before);
    return user + system;
  };
  const secret = "x".repeat(40);
  const wrong = async () => {
    for (let round = 0; round < 5; round++) {
      const calls = [
        nobody(world).identity.resetPassword({ secret, newPassword: PASSWORD }),
        nobody(world).identity.acceptInvitation({ secret, name: "Ada", password: PASSWORD }),
        nobody(world).identity.setUp({ secret, organisation: "o", name: "Ada", email: "a@b.test", password: PASSWORD }),
      ];
      for (const result of await Promise.allSettled(calls))
        expect(result).toMatchObject({ status: "rejected", reason: { code: "NOT_FOUND" } });
    }
  };
  await wrong();
  const hashes = await cpuOf(() => Promise.all(Array.from({ length: 15 }, () => hashPassword(PASSWORD))));
  expect(await cpuOf(wrong)).toBeLessThan(hashes * 0.75);
});

test("of two administrators who deactivate each other at once, one stays", async ({ world }) => {
  const [first, second] = [await administrator(world, true), await administrator(world)];
  await Promise.allSettled([
    first.api.identity.deactivatePerson({ userId: second.id }),
    second.api.identity.deactivatePerson({ userId: first.id }),
  ]);
  const active = and(eq(users.organisationId, world.organisationId), eq(users.standing, "ADM"));
  const rows = await world.db.select({ at: users.deactivatedAt }).from(users).where(active);
  expect(rows.filter((row) => row.at === null)).toHaveLength(1);
});

test("a new password ends the other sessions; a reset link works once and ends all", async ({ world }) => {
  const admin = await administrator(world);
  const { secret, email } = await invited(world, await world.member("R1"), ["R3"]);
  await nobody(world).identity.acceptInvitation({ secret, name: "Ada", password: PASSWORD });
  const [mine, other] = [
    await signIn(world.ctx, { email, password: PASSWORD }, origin),
    await signIn(world.ctx, { email, password: PASSWORD }, origin),
  ];
  const actor = await actorBySession(world.ctx, mine.sessionId);
  const api = createCaller({ ...world.ctx, actor });
  await expect(
    api.identity.changePassword({ currentPassword: "wrong", newPassword: "another good password" }),
  ).rejects.toMatchObject({ code: "UNAUTHORIZED" });
  const { token } = await api.identity.createToken({
    projectId: world.project.id,
    name: "script",
    scopes: ["read"],
    expiresInDays: 1,
  });
  await api.identity.changePassword({ currentPassword: PASSWORD, newPassword: "one good password" });
  expect(await actorByToken(world.ctx, token)).not.toBeNull();
  await api.identity.changePassword({
    currentPassword: "one good password",
    newPassword: "another good password",
    areTokensRevoked: true,
  });
  expect(await actorByToken(world.ctx, token)).toBeNull();
  expect(await actorBySession(world.ctx, other.sessionId)).toBeNull();
  expect(await actorBySession(world.ctx, mine.sessionId)).not.toBeNull();

  const link = await admin.api.identity.createResetLink({ userId: mine.person.userId });
  await nobody(world).identity.resetPassword({ secret: link.secret, newPassword: PASSWORD });
  expect(await actorBySession(world.ctx, mine.sessionId)).toBeNull();
  await expect(
    nobody(world).identity.resetPassword({ secret: link.secret, newPassword: PASSWORD }),
  ).rejects.toMatchObject({ code: "PRECONDITION_FAILED" });
  await expect(signIn(world.ctx, { email, password: PASSWORD }, origin)).resolves.toBeDefined();
});

test("taking a role away works at the next request", async ({ world }) => {
  const [stakeholder, person] = [await world.member("R1"), await world.member("R3")];
  await stakeholder.api.identity.removeRole({ projectId: world.project.id, userId: person.id, role: "R3" });
  await expect(person.api.identity.members({ projectId: world.project.id })).rejects.toMatchObject({
    code: "NOT_FOUND",
  });
  await expect(
    stakeholder.api.identity.removeRole({ projectId: world.project.id, userId: stakeholder.id, role: "R1" }),
  ).rejects.toMatchObject({ code: "FORBIDDEN" });
});
