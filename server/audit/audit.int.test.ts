import { desc, eq, sql } from "drizzle-orm";
import { expect } from "vitest";
import { auditEvents } from "@/db/schema/audit";
import { users } from "@/db/schema/identity";
import { createHttpApp } from "../http/app";
import { newId } from "../ids";
import { openTestContext, test, World } from "../testing/world";
import { sealAuditEvents } from "./seal-events";
import { verifyAuditChain } from "./verify-chain";
import { type AuditFact, writeAudit } from "./write-audit";

type Member = Awaited<ReturnType<World["member"]>>;

function fact(world: World, by: Member, action = "projects.problem_stated"): AuditFact {
  return {
    actor: by.actor,
    organisationId: world.organisationId,
    projectId: world.project.id,
    action,
    entity: { kind: "problem_statement", id: newId() },
    summary: "stated the problem",
    requestId: "test",
    at: new Date(),
  };
}

test("two sealers at once chain every event once, without a gap, and the chain can be recomputed", async () => {
  const ctx = await openTestContext();
  try {
    const world = await World.create(ctx);
    const member = await world.member("R1");
    await Promise.all(Array.from({ length: 40 }, () => writeAudit(world.db, fact(world, member))));
    const counts = await Promise.all([sealAuditEvents(ctx), sealAuditEvents(ctx)]);
    expect(counts[0] + counts[1]).toBe(40);
    expect(await verifyAuditChain(ctx)).toEqual({ sealed: 40, unsealed: 0, fault: null });
    expect(await sealAuditEvents(ctx)).toBe(0);
  } finally {
    await ctx.close();
  }
});

test("an event that commits after a later one was sealed is sealed late, not lost", async () => {
  const ctx = await openTestContext();
  try {
    const world = await World.create(ctx);
    const member = await world.member("R1");
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let written: () => void = () => undefined;
    const isWritten = new Promise<void>((resolve) => {
      written = resolve;
    });
    const slow = ctx.db.transaction(async (tx) => {
      await writeAudit(tx, fact(world, member));
      written();
      await held;
    });
    await isWritten;
    await writeAudit(ctx.db, fact(world, member));
    expect(await sealAuditEvents(ctx)).toBe(1);
    release();
    await slow;
    expect(await sealAuditEvents(ctx)).toBe(1);
    expect(await verifyAuditChain(ctx)).toMatchObject({ sealed: 2, unsealed: 0, fault: null });
  } finally {
    await ctx.close();
  }
});

test("a changed event is found; the table itself refuses the change", async () => {
  const ctx = await openTestContext();
  try {
    const world = await World.create(ctx);
    const member = await world.member("R1");
    const id = await writeAudit(ctx.db, fact(world, member));
    await writeAudit(ctx.db, fact(world, member));
    await sealAuditEvents(ctx);
    const change = () => ctx.db.update(auditEvents).set({ text: "{}" }).where(eq(auditEvents.id, id));
    await expect(change()).rejects.toThrow();
    await ctx.db.execute(sql`alter table audit_events disable trigger user`);
    await change();
    expect(await verifyAuditChain(ctx)).toMatchObject({
      sealed: 0,
      fault: { sequence: 1, reason: "The text of the event does not have its digest." },
    });
    const shown = await member.api.audit.get({ projectId: world.project.id, eventId: id });
    expect(shown).toMatchObject({ proof: "broken" });
  } finally {
    await ctx.close();
  }
});

test("a stakeholder sees the project's trail, a data scientist what she did, a stranger nothing", async ({
  world,
  service,
}) => {
  const [stakeholder, scientist, stranger] = [await world.member("R1"), await world.member("R3"), await world.member()];
  await writeAudit(world.db, fact(world, stakeholder));
  const hers = await writeAudit(world.db, fact(world, scientist, "experiments.created"));
  const projectId = world.project.id;
  expect((await stakeholder.api.audit.list({ projectId })).events).toHaveLength(2);
  expect((await scientist.api.audit.list({ projectId })).events.map((event) => event.id)).toEqual([hers]);
  await expect(stranger.api.audit.list({ projectId })).rejects.toMatchObject({ code: "NOT_FOUND" });
  const elsewhere = await World.create(service);
  const theirs = await elsewhere.member("R1");
  await expect(theirs.api.audit.get({ projectId: elsewhere.project.id, eventId: hers })).rejects.toMatchObject({
    code: "NOT_FOUND",
  });
  expect((await stakeholder.api.audit.listOrganisation({})).events.map((event) => event.actorId)).toEqual([
    stakeholder.id,
  ]);
});

test("filters narrow and pages follow without a gap", async ({ world }) => {
  const stakeholder = await world.member("R1");
  for (const action of ["promotions.signed", "promotions.returned", "promotionsx.signed", "data.imported"]) {
    await writeAudit(world.db, fact(world, stakeholder, action));
  }
  const list = (filter: object) => stakeholder.api.audit.list({ projectId: world.project.id, ...filter });
  expect((await list({ actions: ["promotions"] })).events.map((event) => event.action)).toEqual([
    "promotions.returned",
    "promotions.signed",
  ]);
  expect((await list({ actions: ["promotions.signed"] })).events).toHaveLength(1);
  expect((await list({ actorIds: [newId()] })).events).toEqual([]);
  const first = await list({ limit: 3 });
  const second = await list({ limit: 3, cursor: first.nextCursor });
  expect([...first.events, ...second.events].map((event) => event.action)).toEqual([
    "data.imported",
    "promotionsx.signed",
    "promotions.returned",
    "promotions.signed",
  ]);
  expect(second.nextCursor).toBeNull();
  expect((await stakeholder.api.audit.facets({ projectId: world.project.id })).actions).toContain("data.imported");
});

test("an administrator exports the trail as NDJSON, which is on record; a stakeholder may not", async ({ world }) => {
  const [admin, stakeholder] = [await world.member(), await world.member("R1")];
  await world.db.update(users).set({ standing: "ADM" }).where(eq(users.id, admin.id));
  await writeAudit(world.db, fact(world, stakeholder));
  const { app } = createHttpApp(world.ctx);
  const exportAs = async (person: Member) => {
    const { token } = await person.api.identity.createToken({
      projectId: world.project.id,
      name: "t",
      scopes: ["read", "write"],
      expiresInDays: 1,
    });
    return app.request(`/api/v1/projects/${world.project.id}/audit.ndjson`, {
      headers: { authorization: `Bearer ${token}` },
    });
  };
  expect((await exportAs(stakeholder)).status).toBe(403);
  const answer = await exportAs(admin);
  expect(answer.headers.get("content-security-policy")).toContain("sandbox");
  const lines = (await answer.text())
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { text: string });
  const [last] = await world.db
    .select()
    .from(auditEvents)
    .where(eq(auditEvents.projectId, world.project.id))
    .orderBy(desc(auditEvents.id))
    .limit(1);
  expect(last?.action).toBe("audit.exported");
  expect(lines.at(-1)?.text).toBe(last?.text);
});
