import { eq, sql } from "drizzle-orm";
import { expect, onTestFinished, vi } from "vitest";
import { materializations, onlineFeatures } from "@/db/schema/features";
import { outbox } from "@/db/schema/outbox";
import { materializationWorkflowId } from "@/domain/features/workflow";
import { localProcessExecutor } from "@/server/executors/local-process";
import { reconcileOnce } from "@/server/outbox/reconciler";
import { openTemporalClient } from "@/server/outbox/temporal-client";
import { featureScene, imported, signedByBoth } from "@/server/testing/features";
import { test, type World } from "@/server/testing/world";
import { onTestServer, startTestHost } from "../testing/host";
import { startWorkerProcess } from "../testing/worker-process";
import { featureActivities } from "./activities";

async function copyOf(world: World, id: string) {
  const [row] = await world.db.select().from(materializations).where(eq(materializations.id, id));
  return row;
}

const whenOver = (world: World, id: string) =>
  vi.waitFor(
    async () => {
      const row = await copyOf(world, id);
      expect(row?.finishedAt).toBeInstanceOf(Date);
      return row;
    },
    { timeout: 60_000, interval: 50 },
  );

const SENSORS = 24_000;

/** Two days of each sensor; the second day is what has to be online. */
function csvOf(sensors: number, factor = 1): string {
  const lines = Array.from(
    { length: sensors },
    (_, index) => `s${index},2024-01-01,${index}\ns${index},2024-01-02,${(index + 1) * factor}`,
  );
  return `sensor,day,value\n${lines.join("\n")}\n`;
}

test("kill -9 in the middle of a copy: the next worker goes on, and online equals offline", {
  timeout: 180_000,
}, async ({ world, service }) => {
  const ctx = onTestServer(service);
  const scene = await featureScene(world, csvOf(SENSORS));
  await signedByBoth(scene);
  const first = await startWorkerProcess(ctx);
  onTestFinished(first.kill);
  const about = { projectId: scene.projectId, viewVersionId: scene.view.id };
  const { materializationId } = await scene.people.engineer.api.features.publish(about);
  // Some chunks are in; the row's lock holds the next one up, so that the kill lies between two of them.
  const written = await vi.waitFor(
    async () =>
      world.db.transaction(async (tx) => {
        const [row] = await tx
          .select()
          .from(materializations)
          .where(eq(materializations.id, materializationId))
          .for("no key update");
        expect(row?.writtenRows).toBeGreaterThan(0);
        await first.kill();
        return row?.writtenRows ?? 0;
      }),
    { timeout: 60_000, interval: 5 },
  );
  expect(written).toBeLessThan(SENSORS);
  expect(await world.db.$count(onlineFeatures, eq(onlineFeatures.viewVersionId, scene.view.id))).toBe(written);
  const second = await startWorkerProcess(ctx);
  onTestFinished(second.kill);
  const row = await whenOver(world, materializationId);
  expect(row).toMatchObject({
    state: "succeeded",
    writtenRows: SENSORS,
    parity: { offline: SENSORS, equal: SENSORS, newer: 0, different: 0 },
  });
  // Beside the product's own comparison: every value by hand.
  const [wrong] = await world.db.execute<{ n: number }>(sql`
    select count(*)::int as n from online_features
    where view_version_id = ${scene.view.id}
      and ("values" ->> 'value')::int <> substring(entity_key from 's(\d+)')::int + 1`);
  expect(wrong?.n).toBe(0);
});

test("a copy whose start was lost, and one whose workflow was terminated, go on by the reconciler", {
  timeout: 120_000,
}, async ({ world, service }) => {
  const ctx = onTestServer(service);
  const scene = await featureScene(world, csvOf(25));
  await signedByBoth(scene);
  const about = { projectId: scene.projectId, viewVersionId: scene.view.id };
  const { materializationId } = await scene.people.engineer.api.features.publish(about);
  await world.db.delete(outbox);
  await world.db
    .update(materializations)
    .set({ createdAt: new Date(Date.now() - 60_000) })
    .where(eq(materializations.id, materializationId));
  const temporal = openTemporalClient(ctx.config);
  onTestFinished(temporal.close);
  const services = { ctx, client: temporal.client, executor: localProcessExecutor(ctx) };
  await reconcileOnce(services);
  const handle = temporal.client.workflow.getHandle(materializationWorkflowId(materializationId));
  expect((await handle.describe()).status.name).toBe("RUNNING");
  await handle.terminate();
  await Promise.all([reconcileOnce(services), reconcileOnce(services)]);
  expect((await handle.describe()).status.name).toBe("RUNNING");
  const host = await startTestHost(service, (activities) => featureActivities(activities, 10));
  onTestFinished(host.stop);
  expect(await whenOver(world, materializationId)).toMatchObject({ state: "succeeded", parity: { equal: 25 } });
});

test("an import carries new values online by itself; what cannot be computed fails with its reason", {
  timeout: 120_000,
}, async ({ world, service }) => {
  const host = await startTestHost(service, (services) => featureActivities(services, 10));
  onTestFinished(host.stop);
  const scene = await featureScene(world, csvOf(25));
  await signedByBoth(scene);
  const { engineer } = scene.people;
  const about = { projectId: scene.projectId, viewVersionId: scene.view.id };
  const { materializationId } = await engineer.api.features.publish(about);
  expect(await whenOver(world, materializationId)).toMatchObject({ state: "succeeded", parity: { equal: 25 } });
  const next = async () => {
    const rows = await world.db
      .select()
      .from(materializations)
      .where(eq(materializations.viewVersionId, scene.view.id))
      .orderBy(materializations.createdAt, materializations.id);
    return whenOver(world, rows.at(-1)?.id ?? "");
  };
  await imported(world, engineer, csvOf(30, 2));
  expect(await next()).toMatchObject({ trigger: "import", state: "succeeded", parity: { offline: 30, equal: 30 } });
  await imported(world, engineer, "sensor,day,value\ns0,2024-01-03,many\n");
  expect(await next()).toMatchObject({ state: "failed", parity: null });
  const page = await engineer.api.features.byName({ projectId: scene.projectId, name: "sensor_day" });
  expect(page.copies[0]?.reason).toMatch("could not be computed");
  expect(await world.db.$count(onlineFeatures, eq(onlineFeatures.viewVersionId, scene.view.id))).toBe(30);
});
