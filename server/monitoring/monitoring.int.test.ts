import { and, eq } from "drizzle-orm";
import { expect } from "vitest";
import { auditEvents } from "@/db/schema/audit";
import { memberships } from "@/db/schema/identity";
import { lineageEdges, lineageNodes } from "@/db/schema/lineage";
import { alertEvents, alerts, monitorChecks, monitors } from "@/db/schema/monitoring";
import { notifications } from "@/db/schema/notifications";
import { outbox } from "@/db/schema/outbox";
import { ALERT_WORKFLOW } from "@/domain/monitoring/workflow";
import { userIdOf } from "../authz/actor";
import { type Answered, answeredDays, labelsFor, servedScene, signedThreshold, watched } from "../testing/monitoring";
import { test, World } from "../testing/world";
import { receiveLabels } from "./receive-labels";
import { runCheck } from "./run-check";

/** A quarter of answers with labels, and one more day so that the as-of passes the labels' delay. */
async function quarterOfTraffic(world: World, about: { readonly right: number; readonly labelled?: number }) {
  const scene = await servedScene(world);
  const answers = await answeredDays(world, scene, { from: "2013-10-01", days: 92 });
  const closing = await answeredDays(world, scene, { from: "2014-01-03", days: 1 });
  const scope = await scene.people.scientist.scope("serving.label");
  const given = labelsFor(answers, about.right).slice(0, about.labelled ?? 92);
  await receiveLabels(world.ctx, scope, given);
  return { scene, answers, scope, closing };
}

const checksOf = (world: World, kind: "quality" | "inputs") =>
  world.db
    .select()
    .from(monitorChecks)
    .where(and(eq(monitorChecks.projectId, world.project.id), eq(monitorChecks.kind, kind)));

test("limits hold with two signatures of two people; one changes nothing", async ({ world }) => {
  const { scene } = await quarterOfTraffic(world, { right: 53 });
  const { mlEngineer, scientist, stakeholder, dataEngineer } = scene.people;
  const made = await watched(world, scene, { isSigned: false });
  const first = { number: made.number, asRole: "R7" as const };
  await signedThreshold(world, mlEngineer, first);
  expect((await runCheck(world.ctx, { monitorId: made.id }))?.outcome).toBe("Its limits wait for two signatures.");
  expect(await checksOf(world, "quality")).toEqual([]);
  await expect(signedThreshold(world, mlEngineer, { number: made.number, asRole: "R3" })).rejects.toThrow();
  await expect(signedThreshold(world, dataEngineer, { number: made.number, asRole: "R3" })).rejects.toMatchObject({
    code: "FORBIDDEN",
  });
  await expect(signedThreshold(world, stakeholder, first)).rejects.toMatchObject({ code: "FORBIDDEN" });
  await signedThreshold(world, scientist, { number: made.number, asRole: "R3" });
  await runCheck(world.ctx, { monitorId: made.id });
  expect(await checksOf(world, "quality")).toHaveLength(1);

  // Another floor with one signature leaves the signed one in force.
  const projectId = world.project.id;
  const limits = { qualityFloor: 0.5, driftLimit: 0.2, missingLimit: null, latencyLimitMs: null, failureLimit: null };
  await scientist.api.monitoring.proposeThreshold({ projectId, monitorId: made.id, limits, reason: "Too strict." });
  await signedThreshold(world, scientist, { number: made.number, asRole: "R3" });
  const page = await scientist.api.monitoring.get({ projectId, number: made.number });
  expect(page.thresholds.map(({ version, state }) => [version, state])).toEqual([
    [2, "proposed"],
    [1, "active"],
  ]);
  await expect(
    scientist.api.monitoring.proposeThreshold({ projectId, monitorId: made.id, limits, reason: "Again." }),
  ).rejects.toMatchObject({ code: "CONFLICT" });
  await signedThreshold(world, mlEngineer, { number: made.number, asRole: "R7", decision: "returned" });
  const after = await scientist.api.monitoring.get({ projectId, number: made.number });
  expect(after.thresholds.map(({ state }) => state)).toEqual(["returned", "active"]);
});

test("eight checks at once: one judgement, one alert, one route", async ({ world }) => {
  const { scene } = await quarterOfTraffic(world, { right: 53 });
  const made = await watched(world, scene);
  const outcomes = await Promise.all(Array.from({ length: 8 }, () => runCheck(world.ctx, { monitorId: made.id })));
  expect(outcomes.flatMap((each) => each?.alerts ?? [])).toHaveLength(1);
  const [check, ...others] = await checksOf(world, "quality");
  expect(others).toEqual([]);
  expect(check).toMatchObject({ rows: 92, labelled: 92, coverage: 1, limit: 0.65, verdict: "fail" });
  expect(check?.value).toBeCloseTo(53 / 92, 12);
  expect(check?.lower).toBeCloseTo(0.474, 3);
  expect(await checksOf(world, "inputs")).toHaveLength(1);
  const [alert, ...more] = await world.db.select().from(alerts).where(eq(alerts.projectId, world.project.id));
  expect(more).toEqual([]);
  expect(alert).toMatchObject({ state: "firing", metric: "accuracy", ownerId: scene.people.scientist.id });
  const events = await world.db
    .select()
    .from(alertEvents)
    .where(eq(alertEvents.alertId, alert?.id ?? ""));
  expect(events.map((event) => event.kind).sort()).toEqual(["firing", "pending"]);
  const messages = (await world.db.select().from(outbox)).filter(
    ({ message }) => message.workflow === ALERT_WORKFLOW && message.input.alertId === alert?.id,
  );
  expect(messages).toHaveLength(1);
  expect(await world.db.$count(notifications, eq(notifications.kind, "monitoring.alert"))).toBeGreaterThanOrEqual(1);
  const { api } = scene.people.scientist;
  const projectId = world.project.id;
  const [listed] = await api.monitoring.list({ projectId });
  expect(listed).toMatchObject({ number: made.number, alert: alert?.number, limits: { qualityFloor: 0.65 } });
  expect(listed?.checks.map((each) => each.verdict)).toEqual(["fail"]);
  const page = await api.monitoring.get({ projectId, number: made.number });
  expect(page.releases).toMatchObject([{ version: 1, at: new Date("2013-10-01T00:00:00Z") }]);
  expect(page.open).toMatchObject({ rows: 1, labelled: 0, asOf: new Date("2014-01-03T00:00:00Z") });
  const options = await api.monitoring.options({ projectId });
  expect(options.models.map(({ id }) => id)).toContain(scene.model.modelId);
  expect(options.owners.map(({ id }) => id)).not.toContain(scene.people.stakeholder.id);
  const nodes = await world.db.select().from(lineageNodes).where(eq(lineageNodes.projectId, world.project.id));
  const edges = await world.db.select().from(lineageEdges).where(eq(lineageEdges.projectId, world.project.id));
  const named = new Map(nodes.map((node) => [node.id, node.kind]));
  const links = edges.map((edge) => `${named.get(edge.fromId)} ${edge.kind} ${named.get(edge.toId)}`).sort();
  expect(links).toEqual([
    "deployment served prediction_window",
    "monitor_check raised alert",
    "prediction_window checked_by monitor_check",
    "prediction_window checked_by monitor_check",
  ]);
});

test("under the coverage a quarter waits; a correction after the judgement stands beside it", async ({ world }) => {
  const { scene, answers, scope } = await quarterOfTraffic(world, { right: 70, labelled: 80 });
  const made = await watched(world, scene);
  expect((await runCheck(world.ctx, { monitorId: made.id }))?.outcome).toContain("waits for labels: 87.0 %");
  expect(await checksOf(world, "quality")).toEqual([]);
  const all = labelsFor(answers, 70);
  await receiveLabels(world.ctx, scope, all);
  await runCheck(world.ctx, { monitorId: made.id });
  const [judged] = await checksOf(world, "quality");
  expect(judged).toMatchObject({ verdict: "pass", correctedValue: null });
  // Twenty labels turn out to be wrong: the figure beside falls under the floor, the judgement stays.
  const corrected = all.slice(0, 20).map((label) => ({ ...label, value: 0, eventTimeMs: label.eventTimeMs + 1 }));
  await receiveLabels(world.ctx, scope, corrected);
  await runCheck(world.ctx, { monitorId: made.id });
  const [after] = await checksOf(world, "quality");
  expect(after).toMatchObject({ verdict: "pass", value: judged?.value });
  expect(after?.correctedValue).toBeCloseTo(50 / 92, 12);
  expect(await world.db.$count(alerts, eq(alerts.projectId, world.project.id))).toBe(0);
});

test("a later quarter at or above the floor resolves; another under it keeps the same alert", async ({ world }) => {
  const { scene, scope, closing } = await quarterOfTraffic(world, { right: 53 });
  const made = await watched(world, scene);
  await runCheck(world.ctx, { monitorId: made.id });
  /** Another quarter, the first day of which closed the one before, and the day that closes it. */
  const more = async (
    first: readonly Answered[],
    about: { from: string; days: number; right: number; next: string },
  ) => {
    const answers = [...first, ...(await answeredDays(world, scene, about))];
    const closing = await answeredDays(world, scene, { from: about.next, days: 1 });
    await receiveLabels(world.ctx, scope, labelsFor(answers, about.right));
    await runCheck(world.ctx, { monitorId: made.id });
    const found = await world.db.select().from(alerts).where(eq(alerts.projectId, world.project.id));
    return { closing, alerts: found };
  };
  const still = await more(closing, { from: "2014-01-04", days: 87, right: 40, next: "2014-04-03" });
  expect(still.alerts.map((alert) => alert.state)).toEqual(["firing"]);
  const last = await more(still.closing, { from: "2014-04-04", days: 88, right: 80, next: "2014-07-03" });
  const resolved = last.alerts;
  expect(resolved.map((alert) => alert.state)).toEqual(["resolved"]);
  const events = await world.db
    .select()
    .from(alertEvents)
    .where(eq(alertEvents.alertId, resolved[0]?.id ?? ""))
    .orderBy(alertEvents.id);
  expect(events.map((event) => event.kind)).toEqual(["pending", "firing", "still_firing", "resolved"]);
});

test("an alert is acknowledged once, by its owner or an engineer", async ({ world }) => {
  const { scene } = await quarterOfTraffic(world, { right: 53 });
  const made = await watched(world, scene);
  const found = await runCheck(world.ctx, { monitorId: made.id });
  const projectId = world.project.id;
  const act = { projectId, alertId: found?.alerts[0] ?? "" };
  const { dataEngineer, stakeholder, scientist, mlEngineer } = scene.people;
  await expect(dataEngineer.api.monitoring.acknowledge(act)).rejects.toMatchObject({ code: "FORBIDDEN" });
  await expect(stakeholder.api.monitoring.acknowledge(act)).rejects.toMatchObject({ code: "FORBIDDEN" });
  await scientist.api.monitoring.acknowledge({ ...act, comment: "I look at it." });
  await expect(mlEngineer.api.monitoring.acknowledge(act)).rejects.toMatchObject({ code: "CONFLICT" });
  const [alert] = await scientist.api.monitoring.alerts({ projectId });
  const page = await scientist.api.monitoring.alert({ projectId, number: alert?.number ?? 0 });
  expect(page.timeline.map((event) => event.kind)).toEqual(["pending", "firing", "acknowledged"]);
  const refusals = await world.db.$count(auditEvents, eq(auditEvents.action, "monitoring.acknowledge_refused"));
  expect(refusals).toBeGreaterThanOrEqual(2);
});

test("what is refused about a monitor leaves it as it was, and an audit row", async ({ world }) => {
  const { scene } = await quarterOfTraffic(world, { right: 53 });
  const made = await watched(world, scene, { isSigned: false });
  const { mlEngineer } = scene.people;
  const projectId = world.project.id;
  const outsider = await (await world.member("R7")).scope("monitoring.edit");
  await world.db.delete(memberships).where(eq(memberships.userId, userIdOf(outsider.actor) ?? ""));
  const act = { projectId, monitorId: made.id };
  const [before] = await world.db.select().from(monitors).where(eq(monitors.id, made.id));
  await expect(
    mlEngineer.api.monitoring.change({ ...act, act: "update", ownerId: userIdOf(outsider.actor) ?? "" }),
  ).rejects.toMatchObject({ cause: { reason: "owner" } });
  await expect(mlEngineer.api.monitoring.change({ ...act, act: "resume" })).rejects.toMatchObject({ code: "CONFLICT" });
  const [after] = await world.db.select().from(monitors).where(eq(monitors.id, made.id));
  expect(after).toEqual(before);
  const refused = and(eq(auditEvents.projectId, projectId), eq(auditEvents.action, "monitoring.monitor_refused"));
  expect(await world.db.$count(auditEvents, refused)).toBe(2);
});

test("another project's monitor, alert and limits are not found", async ({ world, service }) => {
  const { scene } = await quarterOfTraffic(world, { right: 53 });
  const made = await watched(world, scene);
  const found = await runCheck(world.ctx, { monitorId: made.id });
  const stranger = await (await World.create(service)).member("R7");
  const elsewhere = { projectId: (await stranger.scope("monitoring.read")).projectId };
  const { api } = stranger;
  const [alert] = await world.db.select().from(alerts).where(eq(alerts.projectId, world.project.id));
  for (const attempt of [
    () => api.monitoring.get({ ...elsewhere, number: made.number }),
    () => api.monitoring.alert({ ...elsewhere, number: alert?.number ?? 0 }),
    () => api.monitoring.checkNow({ ...elsewhere, monitorId: made.id }),
    () => api.monitoring.change({ ...elsewhere, monitorId: made.id, act: "delete" }),
    () => api.monitoring.acknowledge({ ...elsewhere, alertId: found?.alerts[0] ?? "" }),
    () => api.monitoring.withdrawThreshold({ ...elsewhere, thresholdId: made.thresholdId }),
    () => api.monitoring.list({ projectId: world.project.id }),
  ]) {
    await expect(attempt()).rejects.toMatchObject({ code: "NOT_FOUND" });
  }
  const [monitor] = await world.db.select().from(monitors).where(eq(monitors.id, made.id));
  expect(monitor?.state).toBe("active");
});
