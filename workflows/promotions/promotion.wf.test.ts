import { and, eq } from "drizzle-orm";
import { afterAll, expect, vi } from "vitest";
import { approvalSignOffs } from "@/db/schema/approvals";
import { deployments, gatewayInstances, gatewayReports } from "@/db/schema/deployments";
import { notifications } from "@/db/schema/notifications";
import { promotions } from "@/db/schema/promotions";
import type { EnvironmentName } from "@/domain/promotions/status";
import { type Gateway, startGateway } from "@/server/gateway/gateway";
import { proposePromotion } from "@/server/promotions/propose-promotion";
import { tokenFor } from "@/server/testing/http";
import { acceptances, promotionScene, type Scene, servedIn, signed, version } from "@/server/testing/promotions";
import { test as base, type World } from "@/server/testing/world";
import { deploymentActivities } from "../deployments/activities";
import { startTestHost, type TestHost } from "../testing/host";
import { promotionActivities } from "./activities";

let host: TestHost | undefined;
let gateway: Gateway | undefined;
const test = base.extend<{ readonly gateway: Gateway }>({
  gateway: async ({ service }, use) => {
    host ??= await startTestHost(service, (services) => ({
      ...promotionActivities(services),
      ...deploymentActivities(services, 3_000),
    }));
    gateway ??= await startGateway(service, { host: "127.0.0.1", port: 0 });
    await use(gateway);
  },
});
afterAll(async () => {
  await host?.stop();
  await gateway?.close();
});

async function propose(
  world: World,
  scene: Scene,
  about: { readonly environment: EnvironmentName; readonly modelVersionId?: string; readonly deadlineMs?: number },
) {
  const scope = await scene.people.scientist.scope("promotions.propose");
  const { environment, modelVersionId = scene.version.id, deadlineMs } = about;
  return proposePromotion(world.ctx, scope, {
    modelVersionId,
    environment,
    comment: "",
    ...(deadlineMs && { deadlineMs }),
  });
}

const reaches = (world: World, promotionId: string, state: string, timeout = 20_000) =>
  vi.waitFor(
    async () => {
      const [row] = await world.db.select().from(promotions).where(eq(promotions.id, promotionId));
      expect(`${row?.state} ${row?.reason ?? ""}`).toMatch(new RegExp(`^${state} `));
      return row;
    },
    { timeout, interval: 50 },
  );

/** Proposes for an environment and signs as everybody who is asked, all at once. */
async function through(world: World, scene: Scene, about: Parameters<typeof propose>[2]) {
  const promotion = await propose(world, scene, about);
  await reaches(world, promotion.id, "waiting");
  const { mlEngineer, stakeholder } = scene.people;
  const judged = await acceptances(world, scene, promotion.number);
  const signing = [signed(mlEngineer, scene, { number: promotion.number, asRole: "R7", ...judged })];
  if (about.environment === "production")
    signing.push(signed(stakeholder, scene, { number: promotion.number, asRole: "R1" }));
  await Promise.all(signing);
  return promotion;
}

test("from a proposal to answers in production: three signatures, no other click", async ({
  world,
  gateway: serving,
}) => {
  const scene = await promotionScene(world);
  const staging = await through(world, scene, { environment: "staging" });
  await reaches(world, staging.id, "deployed");
  const production = await through(world, scene, { environment: "production" });
  await reaches(world, production.id, "deployed");
  expect(await servedIn(world, "production")).toBe(scene.version.id);
  expect(await world.db.$count(approvalSignOffs, eq(approvalSignOffs.projectId, scene.projectId))).toBe(3);
  const [row] = await world.db.select().from(deployments).where(eq(deployments.promotionId, production.id));
  expect(row?.smoke).toMatchObject({ rows: 20, error: null });
  expect(row?.smoke?.greatestDifference).toBeLessThanOrEqual(1e-5);

  const token = await tokenFor(world.ctx, { userId: scene.people.scientist.id, projectId: scene.projectId });
  const answer = await vi.waitFor(async () => {
    const response = await fetch(`${serving.url}/models/seattle-rain/invocations`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
      body: JSON.stringify({
        dataframe_records: [{ temp_max: 12.8, temp_min: 5, wind: 4.7, season_sin: 0, season_cos: 1 }],
      }),
    });
    expect(response.status).toBe(200);
    return response.json();
  });
  expect(answer).toHaveProperty("predictions");
});

test("a rollback comes back through the gateway and makes what waits outdated", async ({ world, gateway: _ }) => {
  const scene = await promotionScene(world, { threshold: 0.3 });
  await scene.policy("staging", { isComparedWithCurrent: false });
  const { scientist, devops } = scene.people;
  await reaches(world, (await through(world, scene, { environment: "staging" })).id, "deployed");
  const second = await version(world, {
    scientist,
    training: scene.training.id,
    file: "rain-other.onnx",
    modelId: scene.version.modelId,
    number: 2,
  });
  await reaches(
    world,
    (await through(world, scene, { environment: "staging", modelVersionId: second.id })).id,
    "deployed",
  );
  const third = await version(world, {
    scientist,
    training: scene.training.id,
    modelId: scene.version.modelId,
    number: 3,
  });
  const waiting = await propose(world, scene, { environment: "staging", modelVersionId: third.id });
  await reaches(world, waiting.id, "waiting");

  const where = { projectId: scene.projectId, environment: "staging" as const, modelId: scene.version.modelId };
  const { deployments: history } = await devops.api.deployments.history(where);
  await devops.api.deployments.rollBack({
    ...where,
    deploymentId: history.at(-1)?.id ?? "",
    reason: "v2 answers wrongly.",
  });
  await vi.waitFor(async () => expect(await servedIn(world, "staging")).toBe(scene.version.id), { timeout: 20_000 });
  const row = await reaches(world, waiting.id, "waiting");
  expect(row).toMatchObject({ reason: "seattle-rain v1 serves in staging now.", baselineVersionId: scene.version.id });
});

test("a version that no gateway can load does not replace the one that serves", async ({ world, gateway: _ }) => {
  const scene = await promotionScene(world);
  await reaches(world, (await through(world, scene, { environment: "staging" })).id, "deployed");
  const same = await version(world, {
    scientist: scene.people.scientist,
    training: scene.training.id,
    modelId: scene.version.modelId,
    number: 2,
  });
  const promotion = await propose(world, scene, { environment: "staging", modelVersionId: same.id });
  await reaches(world, promotion.id, "waiting");
  // A gateway that is alive, but never becomes ready.
  await world.db
    .insert(gatewayInstances)
    .values({ instance: "stuck", address: "http://127.0.0.1:1", seenAt: new Date(Date.now() + 60_000) });
  await signed(scene.people.mlEngineer, scene, {
    number: promotion.number,
    asRole: "R7",
    ...(await acceptances(world, scene, promotion.number)),
  });
  const row = await reaches(world, promotion.id, "failed");
  expect(row?.reason).toBe("Gateway stuck is not ready: it did not load the model in time.");
  expect(await servedIn(world, "staging")).toBe(scene.version.id);
  await world.db.delete(gatewayReports).where(eq(gatewayReports.instance, "stuck"));
  await world.db.delete(gatewayInstances).where(eq(gatewayInstances.instance, "stuck"));
});

test("reminds whoever has not signed, then expires", async ({ world, gateway: _ }) => {
  const scene = await promotionScene(world);
  const promotion = await propose(world, scene, { environment: "staging", deadlineMs: 5_000 });
  await reaches(world, promotion.id, "expired");
  const told = and(eq(notifications.projectId, scene.projectId), eq(notifications.kind, "promotions.reminder"));
  expect(await world.db.$count(notifications, told)).toBeGreaterThanOrEqual(1);
});

test("a nudge that is lost or doubled does no harm, and a withdrawal ends the wait", async ({ world, gateway: _ }) => {
  const scene = await promotionScene(world);
  const promotion = await propose(world, scene, { environment: "staging" });
  await reaches(world, promotion.id, "waiting");
  const handle = host?.client.workflow.getHandle(`promotions/promotion/${promotion.id}`);
  await Promise.all([handle?.signal("nudge"), handle?.signal("nudge")]);
  await scene.people.scientist.api.promotions.withdraw({
    projectId: scene.projectId,
    promotionId: promotion.id,
    reason: "Another is better.",
  });
  await vi.waitFor(async () => expect((await handle?.describe())?.status.name).toBe("COMPLETED"), { timeout: 10_000 });
});
