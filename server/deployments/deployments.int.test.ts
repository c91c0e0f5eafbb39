import { and, eq, type SQL, sql } from "drizzle-orm";
import { expect } from "vitest";
import { auditEvents } from "@/db/schema/audit";
import { deployments, gatewayInstances, gatewayReports, trafficStops } from "@/db/schema/deployments";
import { beginDeployment } from "../promotions/begin-deployment";
import { systemCaller } from "../promotions/system-caller";
import { inStaging, promotionScene, proposed, servedIn, signed, stateOf, version } from "../testing/promotions";
import { test } from "../testing/world";
import { deliverDeployment } from "./deliver-deployment";
import { failDeployment } from "./fail-deployment";
import { listCurrent } from "./queries";
import { readinessOf } from "./readiness";

test("the emergency stop and its end: who may, with a reason, once", async ({ world }) => {
  const scene = await promotionScene(world);
  await inStaging(world, scene);
  const { devops, scientist } = scene.people;
  const input = {
    projectId: scene.projectId,
    environment: "staging" as const,
    modelId: scene.version.modelId,
    reason: "It answers nonsense.",
  };
  await expect(scientist.api.deployments.stopTraffic(input)).rejects.toMatchObject({ code: "FORBIDDEN" });
  await expect(devops.api.deployments.stopTraffic({ ...input, reason: "" })).rejects.toMatchObject({
    code: "BAD_REQUEST",
  });
  await devops.api.deployments.stopTraffic(input);
  await expect(devops.api.deployments.stopTraffic(input)).rejects.toMatchObject({ code: "CONFLICT" });
  const [place] = await devops.api.deployments.list({ projectId: scene.projectId });
  expect(place).toMatchObject({
    environment: "staging",
    active: { version: 1 },
    traffic: { isStopped: true, reason: input.reason, changedBy: devops.name },
  });
  await devops.api.deployments.resumeTraffic({ ...input, reason: "Mended." });
  expect(await world.db.select().from(trafficStops).where(eq(trafficStops.projectId, scene.projectId))).toMatchObject([
    { isStopped: false, reason: "Mended." },
  ]);
  const acts = await world.db
    .select({ action: auditEvents.action })
    .from(auditEvents)
    .where(and(eq(auditEvents.projectId, scene.projectId), eq(auditEvents.entityId, input.modelId)))
    .orderBy(auditEvents.id);
  expect(acts.map(({ action }) => action)).toEqual([
    "deployments.traffic_stopped",
    "deployments.stop_refused",
    "deployments.traffic_resumed",
  ]);
});

test("ready means: every gateway that is alive holds exactly this digest", async ({ world }) => {
  const scene = await promotionScene(world);
  const { id, number } = await proposed(world, scene);
  await signed(scene.people.mlEngineer, scene, { number, asRole: "R7" });
  const begun = await beginDeployment(world.ctx, id);
  const target = { id: begun?.deploymentId ?? "", digest: scene.version.onnxSha256 };
  const now = new Date();
  const gateway = (instance: string, seenAt: SQL) =>
    world.db.insert(gatewayInstances).values({ instance, address: "http://127.0.0.1:1", seenAt });
  await gateway("one", sql`now()`);
  await gateway("dead", sql`now() - interval '1 minute'`);
  const readiness = async () => (await readinessOf(world.db, [target])).get(target.id);
  expect(await readiness()).toMatchObject([{ instance: "one", isReady: false }]);
  const report = { instance: "one", deploymentId: target.id, isReady: true, reportedAt: now };
  await world.db.insert(gatewayReports).values({ ...report, digest: "another" });
  expect(await readiness()).toMatchObject([{ isReady: false }]);
  await world.db
    .update(gatewayReports)
    .set({ digest: target.digest })
    .where(eq(gatewayReports.deploymentId, target.id));
  expect(await readiness()).toMatchObject([{ isReady: true }]);
  // A machine whose clock is far off sees the same gateways: the database's clock counts.
  const early = { ...world.ctx, clock: () => new Date(Date.now() + 3_600_000) };
  const [current] = await listCurrent(early, await scene.people.devops.scope("deployments.read"));
  expect(current?.pending?.gateways).toEqual([{ instance: "one", isReady: true, detail: null }]);
  await world.db.delete(gatewayReports);
  await world.db.delete(gatewayInstances);
});

test("without a ready gateway the version before keeps serving, and the promotion says why", async ({ world }) => {
  const scene = await promotionScene(world, { threshold: 0.3 });
  await scene.policy("staging", { isComparedWithCurrent: false });
  await inStaging(world, scene);
  const second = await version(world, {
    scientist: scene.people.scientist,
    training: scene.training.id,
    file: "rain-other.onnx",
    modelId: scene.version.modelId,
    number: 2,
  });
  const { id, number } = await proposed(world, scene, { modelVersionId: second.id });
  await signed(scene.people.mlEngineer, scene, { number, asRole: "R7" });
  const begun = await beginDeployment(world.ctx, id);
  await deliverDeployment(world.ctx, begun?.deploymentId ?? "", { readinessMs: 0 });
  expect(await stateOf(world, id)).toEqual({ state: "failed", reason: "No gateway is running." });
  expect(await servedIn(world, "staging")).toBe(scene.version.id);
  const [row] = await world.db.select().from(deployments).where(eq(deployments.promotionId, id));
  expect(row).toMatchObject({ state: "failed", reason: "No gateway is running." });
  await deliverDeployment(world.ctx, begun?.deploymentId ?? "", { readinessMs: 0 });
  expect((await proposed(world, scene, { modelVersionId: second.id })).number).toBeGreaterThan(number);
});

test("a smoke test that differs fails the deployment with its figures", async ({ world }) => {
  const scene = await promotionScene(world);
  const { id, number } = await proposed(world, scene);
  await signed(scene.people.mlEngineer, scene, { number, asRole: "R7" });
  const begun = await beginDeployment(world.ctx, id);
  const [row] = await world.db
    .select()
    .from(deployments)
    .where(eq(deployments.id, begun?.deploymentId ?? ""));
  const smoke = { rows: 20, greatestDifference: 0.2, error: "An answer differs." };
  await failDeployment(
    await systemCaller(world.ctx, id),
    { id: row?.id ?? "", environmentId: row?.environmentId ?? "" },
    { reason: smoke.error, smoke },
  );
  expect(await stateOf(world, id)).toEqual({ state: "failed", reason: "An answer differs." });
  expect(await servedIn(world, "staging")).toBeNull();
  const page = await scene.people.scientist.api.promotions.get({ projectId: scene.projectId, number });
  expect(page.deployment).toMatchObject({ state: "failed", smoke });
});

test("a stranger and another project's people find no deployments", async ({ world }) => {
  const scene = await promotionScene(world);
  await inStaging(world, scene);
  const stranger = await world.member();
  await expect(stranger.api.deployments.list({ projectId: scene.projectId })).rejects.toMatchObject({
    code: "NOT_FOUND",
  });
});
