import { eq, like, sql } from "drizzle-orm";
import { expect } from "vitest";
import { oneTimeLinks, sessions, signInThrottles } from "@/db/schema/identity";
import { events } from "@/db/schema/notifications";
import { outbox } from "@/db/schema/outbox";
import { projectCounters } from "@/db/schema/projects";
import { servingTraffic } from "@/db/schema/serving";
import { newId } from "../ids";
import { EventHub } from "../notifications/event-hub";
import { test } from "../testing/world";
import { pruneRecords } from "./prune-records";

const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);

test("what nobody reads any more goes, and what stands stays", async ({ world }) => {
  const { db } = world;
  const userId = (await world.member("R3")).id;
  const message = { act: "nudge" as const, workflow: "w", workflowId: `prune/${userId}`, input: {} };
  await db.insert(outbox).values([
    { message, deliveredAt: daysAgo(8) },
    { message, deliveredAt: daysAgo(6) },
    { message, createdAt: daysAgo(9) },
  ]);
  const session = { userId, createdAt: daysAgo(200) };
  await db.insert(sessions).values([
    { ...session, id: newId(), expiresAt: daysAgo(91) },
    { ...session, id: newId(), expiresAt: daysAgo(89) },
  ]);
  const link = { kind: "reset" as const, userId };
  await db.insert(oneTimeLinks).values([
    { ...link, id: newId(), sha256: newId(), expiresAt: daysAgo(31) },
    { ...link, id: newId(), sha256: newId(), expiresAt: daysAgo(29) },
  ]);
  const throttle = { failures: 1, blockedUntil: new Date(0) };
  await db.insert(signInThrottles).values([
    { ...throttle, key: `${userId}:old`, updatedAt: daysAgo(3) },
    { ...throttle, key: `${userId}:new`, updatedAt: daysAgo(1) },
  ]);
  const traffic = { deploymentId: newId(), projectId: world.project.id, latencyClass: 3, rows: 1 };
  await db.insert(servingTraffic).values([
    { ...traffic, hour: daysAgo(31) },
    { ...traffic, hour: daysAgo(1) },
  ]);
  await pruneRecords(world.ctx);
  expect(await db.$count(outbox, sql`${outbox.message} ->> 'workflowId' = ${message.workflowId}`)).toBe(2);
  expect(await db.$count(sessions, eq(sessions.userId, userId))).toBe(1);
  expect(await db.$count(oneTimeLinks, eq(oneTimeLinks.userId, userId))).toBe(1);
  expect(await db.$count(signInThrottles, like(signInThrottles.key, `${userId}%`))).toBe(1);
  expect(await db.$count(servingTraffic, eq(servingTraffic.projectId, world.project.id))).toBe(1);
});

test("of a project's events those stay that a page may catch up on; one that stands before them fetches everything", async ({
  world,
}) => {
  const { id } = world.project;
  await world.db.execute(sql`
    insert into events (project_id, sequence, kind, entity_id) select ${id}, n, 'data', n from generate_series(1, 10011) n`);
  await world.db.update(projectCounters).set({ eventSequence: 10_011 }).where(eq(projectCounters.projectId, id));
  await pruneRecords(world.ctx);
  expect(await world.db.$count(events, eq(events.projectId, id))).toBe(10_001);
  const hub = new EventHub(world.ctx);
  expect(await hub.missed(id, 10)).toBeNull();
  expect(await hub.missed(id, 11)).toHaveLength(10_000);
});
