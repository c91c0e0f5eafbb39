import { and, eq } from "drizzle-orm";
import { expect } from "vitest";
import { auditEvents } from "@/db/schema/audit";
import { labelCorrections, labels } from "@/db/schema/monitoring";
import type { IncomingLabel } from "@/domain/monitoring/labels";
import { newId } from "../ids";
import { serveHttp, tokenFor } from "../testing/http";
import { answeredDays, servedScene } from "../testing/monitoring";
import { test, World } from "../testing/world";
import { receiveLabels } from "./receive-labels";

const T = Date.parse("2013-01-05T00:00:00Z");
const label = (requestId: string, value: IncomingLabel["value"], eventTimeMs = T): IncomingLabel => ({
  requestId,
  row: 0,
  value,
  eventTimeMs,
});

test("doubled, late, corrected and out of order: the same record in any order", async ({ world }) => {
  const scope = await (await world.member("R3")).scope("serving.label");
  const sent = [[1, T] as const, [0, T + 1_000] as const, [1, T + 2_000] as const, [0, T + 1_000] as const];
  const orders = [
    sent,
    [...sent].reverse(),
    [sent[2], sent[0], sent[3], sent[1]].flatMap((each) => (each ? [each] : [])),
  ];
  for (const order of orders) {
    const id = newId();
    for (const [value, at] of order) await receiveLabels(world.ctx, scope, [label(id, value, at)]);
    const [row] = await world.db.select().from(labels).where(eq(labels.requestId, id));
    expect(row?.value).toBe(1);
    const history = await world.db.select().from(labelCorrections).where(eq(labelCorrections.requestId, id));
    expect(new Set([row?.firstValue, ...history.map((each) => each.value)])).toEqual(new Set([0, 1]));
    // Everything again says nothing new.
    const again = await receiveLabels(
      world.ctx,
      scope,
      [...order].map(([value, at]) => label(id, value, at)),
    );
    expect(again.accepted).toBe(0);
    const [after] = await world.db.select().from(labels).where(eq(labels.requestId, id));
    expect(after?.value).toBe(1);
  }
});

test("one batch with doubles and a correction counts each once", async ({ world }) => {
  const scope = await (await world.member("R3")).scope("serving.label");
  const [a, b] = [newId(), newId()];
  const batch = [label(a, 1), label(b, true), label(a, 1), label(a, 0, T + 1), label(a, 0, T + 1)];
  expect(await receiveLabels(world.ctx, scope, batch)).toEqual({ accepted: 2, corrected: 1, repeated: 2 });
  expect(await receiveLabels(world.ctx, scope, batch)).toEqual({ accepted: 0, corrected: 0, repeated: 5 });
  const [row] = await world.db.select().from(labels).where(eq(labels.requestId, a));
  expect(row).toMatchObject({ value: 0, firstValue: 1, corrections: 1 });
});

test("twenty senders of the same batch at once write it once", async ({ world }) => {
  const scope = await (await world.member("R7")).scope("serving.label");
  const batch = Array.from({ length: 200 }, (_, index) => label(newId(), index % 2));
  const counts = await Promise.all(
    Array.from({ length: 8 }, (_, turn) =>
      receiveLabels(world.ctx, scope, turn % 2 === 0 ? batch : [...batch].reverse()),
    ),
  );
  expect(counts.reduce((sum, count) => sum + count.accepted, 0)).toBe(200);
  expect(await world.db.$count(labels, eq(labels.projectId, world.project.id))).toBe(200);
});

test("a label for another project's request is not found, and nothing of the batch is written", async ({
  world,
  service,
}) => {
  const other = await World.create(service);
  const [theirs] = await answeredDays(other, await servedScene(other), { from: "2013-01-01", days: 1 });
  const scope = await (await world.member("R3")).scope("serving.label");
  const batch = [label(newId(), 1), label(theirs?.requestId ?? "", 1)];
  await expect(receiveLabels(world.ctx, scope, batch)).rejects.toMatchObject({ code: "not_found" });
  expect(await world.db.$count(labels, eq(labels.projectId, world.project.id))).toBe(0);
  const refused = and(eq(auditEvents.projectId, world.project.id), eq(auditEvents.action, "monitoring.labels_refused"));
  expect(await world.db.$count(auditEvents, refused)).toBe(1);
});

test("over HTTP: one, an array, lines; bad input is a 4xx and writes nothing", async ({ world }) => {
  const scientist = await world.member("R3");
  const stakeholder = await world.member("R1");
  const token = await tokenFor(world.ctx, { userId: scientist.id, projectId: world.project.id });
  const http = await serveHttp(world.ctx);
  const post = async (body: string, type = "application/json", bearer = token) => {
    const response = await fetch(`${http.url}/api/v1/labels`, {
      method: "POST",
      headers: { "content-type": type, authorization: `Bearer ${bearer}` },
      body,
    });
    return { status: response.status, body: await response.json() };
  };
  try {
    const one = { request_id: newId(), value: 1, event_time: "2013-01-05" };
    expect(await post(JSON.stringify(one))).toEqual({
      status: 200,
      body: { accepted: 1, corrected: 0, repeated: 0 },
    });
    const two = [
      { request_id: newId(), value: false },
      { ...one, value: 0, event_time: "2013-01-06" },
    ];
    expect((await post(JSON.stringify(two))).body).toEqual({ accepted: 1, corrected: 1, repeated: 0 });
    const lines = `${JSON.stringify(one)}\n${JSON.stringify({ request_id: newId(), row: 3, value: "wet" })}\n`;
    expect((await post(lines, "application/x-ndjson")).body).toEqual({ accepted: 1, corrected: 0, repeated: 1 });
    const stored = await world.db.$count(labels, eq(labels.projectId, world.project.id));
    const future = new Date(Date.now() + 3_600_000).toISOString();
    for (const [body, status] of [
      ["{", 400],
      ["[]", 400],
      [JSON.stringify({ request_id: "7", value: 1 }), 400],
      [JSON.stringify({ request_id: newId(), value: null }), 400],
      [JSON.stringify({ request_id: newId(), value: { a: 1 } }), 400],
      [JSON.stringify({ request_id: newId(), value: 1, row: -1 }), 400],
      [JSON.stringify({ request_id: newId(), value: "a\0b" }), 400],
      [JSON.stringify([one, { request_id: newId(), value: 1, event_time: future }]), 400],
      [JSON.stringify(Array.from({ length: 10_001 }, () => one)), 413],
    ] as const) {
      expect((await post(body)).status, body.slice(0, 80)).toBe(status);
    }
    const stranger = await tokenFor(world.ctx, { userId: stakeholder.id, projectId: world.project.id });
    expect((await post(JSON.stringify(one), "application/json", stranger)).status).toBe(403);
    expect((await post(JSON.stringify(one), "application/json", "nobody")).status).toBe(401);
    expect(await world.db.$count(labels, eq(labels.projectId, world.project.id))).toBe(stored);
  } finally {
    await http.close();
  }
});
