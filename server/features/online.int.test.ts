import { and, eq } from "drizzle-orm";
import { expect } from "vitest";
import { auditEvents } from "@/db/schema/audit";
import { materializations, onlineFeatures } from "@/db/schema/features";
import { outbox } from "@/db/schema/outbox";
import { createHttpApp } from "../http/app";
import { type FeatureScene, featureScene, imported, READINGS, signedByBoth, VIEW } from "../testing/features";
import { tokenFor } from "../testing/http";
import { test, World } from "../testing/world";
import { closeMaterialization } from "./close-materialization";
import { compareMaterialization, copyMaterialization } from "./copy-materialization";
import { loadMaterialization, prepareMaterialization } from "./prepare-materialization";

const signal = new AbortController().signal;
const quiet = { onChunk: () => undefined, signal };

const publish = (scene: FeatureScene) =>
  scene.people.engineer.api.features.publish({ projectId: scene.projectId, viewVersionId: scene.view.id });

/** What the workflow does, activity by activity. */
async function carriedOut(world: World, materializationId: string) {
  await prepareMaterialization(world.ctx, materializationId);
  await copyMaterialization(world.ctx, materializationId, quiet);
  const parity = await compareMaterialization(world.ctx, materializationId, quiet);
  await closeMaterialization(world.ctx, materializationId, { state: "succeeded", parity });
  return (await loadMaterialization(world.db, materializationId)).copy;
}

async function published(world: World, csv?: string) {
  const scene = await featureScene(world, csv);
  await signedByBoth(scene);
  const { materializationId } = await publish(scene);
  return { scene, copy: await carriedOut(world, materializationId) };
}

const online = (world: World, scene: FeatureScene) =>
  world.db
    .select({ key: onlineFeatures.entityKey, eventTime: onlineFeatures.eventTime, values: onlineFeatures.values })
    .from(onlineFeatures)
    .where(eq(onlineFeatures.viewVersionId, scene.view.id))
    .orderBy(onlineFeatures.entityKey);

const queued = (world: World) =>
  world.db
    .select()
    .from(materializations)
    .where(and(eq(materializations.projectId, world.project.id), eq(materializations.state, "queued")));

test("publishing needs both signatures and a data engineer; one copy at a time", async ({ world }) => {
  const scene = await featureScene(world);
  await expect(publish(scene)).rejects.toThrow("lacks signatures");
  await signedByBoth(scene);
  const about = { projectId: scene.projectId, viewVersionId: scene.view.id };
  await expect(scene.people.scientist.api.features.publish(about)).rejects.toMatchObject({ code: "FORBIDDEN" });
  await expect(scene.people.mlEngineer.api.features.refresh(about)).rejects.toThrow("was not published yet");
  const results = await Promise.allSettled([publish(scene), publish(scene)]);
  expect(results.map((result) => result.status).toSorted()).toEqual(["fulfilled", "rejected"]);
  const [copy] = await world.db.select().from(materializations).where(eq(materializations.projectId, scene.projectId));
  const messages = (await world.db.select().from(outbox)).filter((row) =>
    row.message.workflowId.endsWith(copy?.id ?? "-"),
  );
  expect(messages.map((row) => row.message.workflow)).toEqual(["materializationWorkflow"]);
});

test("the newest row of each entity is online, the record says how far it reaches, and both sides agree", async ({
  world,
}) => {
  const { scene, copy } = await published(world);
  expect(copy).toMatchObject({
    state: "succeeded",
    snapshotRows: 2,
    writtenRows: 2,
    watermark: new Date("2024-01-02T00:00:00Z"),
    parity: { offline: 2, equal: 2, newer: 0, different: 0 },
  });
  expect(await online(world, scene)).toEqual([
    { key: '{"sensor":"a"}', eventTime: new Date("2024-01-02"), values: { value: 2, doubled: 4 } },
    { key: '{"sensor":"b"}', eventTime: new Date("2024-01-02"), values: { value: null, doubled: null } },
  ]);
  const audited = await world.db.select().from(auditEvents).where(eq(auditEvents.entityId, copy.id));
  expect(audited.map((row) => row.action)).toEqual(["features.materialized"]);
});

test("statuses: present, null, not found, too old, by the as-of and both ends inclusive", async ({ world }) => {
  const { scene } = await published(world);
  const ask = (asOf: string, extra: { includeStale?: boolean } = {}) =>
    scene.people.scientist.api.features.lookUp({
      projectId: scene.projectId,
      view: VIEW.name,
      entities: [{ sensor: "a" }, { sensor: "b" }, { sensor: "c" }],
      features: ["value"],
      asOf,
      ...extra,
    });
  const of = async (...asked: Parameters<typeof ask>) =>
    (await ask(...asked)).results.map(({ values, statuses }) => [statuses.value, values.value]);
  const [none, stale] = [
    ["NOT_FOUND", null],
    ["OUTSIDE_MAX_AGE", null],
  ];
  expect(await of("2024-01-02T00:00:00Z")).toEqual([["PRESENT", 2], ["NULL_VALUE", null], none]);
  expect(await of("2024-01-04T00:00:00Z")).toEqual([["PRESENT", 2], ["NULL_VALUE", null], none]);
  expect(await of("2024-01-04T00:00:00.001Z")).toEqual([stale, stale, none]);
  expect((await of("2024-02-01T00:00:00Z", { includeStale: true }))[0]).toEqual(["OUTSIDE_MAX_AGE", 2]);
  expect(await of("2024-01-01T23:59:59Z")).toEqual([none, none, none]);
});

test("an entity of another shape and a feature that is not there are refused", async ({ world }) => {
  const { scene } = await published(world);
  const ask = (input: { view?: string; entities?: Record<string, string | number>[]; features?: string[] }) =>
    scene.people.scientist.api.features.lookUp({
      projectId: scene.projectId,
      view: VIEW.name,
      entities: [{ sensor: "a" }],
      ...input,
    });
  await expect(ask({ entities: [{ sensor: 1 }] })).rejects.toThrow("sensor is text; 1 is not");
  await expect(ask({ entities: [{ station: "a" }] })).rejects.toThrow("does not name the entity");
  await expect(ask({ features: ["wind"] })).rejects.toThrow("no feature wind");
  await expect(ask({ view: "sensor_day@2" })).rejects.toMatchObject({ code: "NOT_FOUND" });
});

test("older data never replaces newer, and a late correction of the same day does", async ({ world }) => {
  const { scene } = await published(world);
  const { engineer } = scene.people;
  const copyOf = async (csv: string) => {
    await imported(world, engineer, csv);
    const [open] = await queued(world);
    return carriedOut(world, open?.id ?? "");
  };
  const old = await copyOf("sensor,day,value\na,2023-05-01,77\nb,2023-05-01,78\n");
  expect(old).toMatchObject({ trigger: "import", parity: { offline: 2, equal: 0, newer: 2, different: 0 } });
  expect((await online(world, scene)).map((row) => row.values.value)).toEqual([2, null]);
  await copyOf("sensor,day,value\na,2024-01-02,5\nb,2024-01-03,6\n");
  expect((await online(world, scene)).map((row) => row.values.value)).toEqual([5, 6]);
});

test("a copy that fails between two chunks goes on behind the last one, and the end is as if it had not", async ({
  world,
}) => {
  const rows = Array.from(
    { length: 95 },
    (_, index) => `s${index % 45},2024-01-${String(1 + (index % 28)).padStart(2, "0")},${index}`,
  );
  const scene = await featureScene(world, `sensor,day,value\n${rows.join("\n")}\n`);
  await signedByBoth(scene);
  const { materializationId } = await publish(scene);
  await prepareMaterialization(world.ctx, materializationId);
  const broken = {
    signal,
    onChunk: (written: number) => {
      if (written === 20) throw new Error("The connection is gone.");
    },
  };
  await expect(copyMaterialization(world.ctx, materializationId, broken, 10)).rejects.toThrow("connection is gone");
  expect((await loadMaterialization(world.db, materializationId)).copy).toMatchObject({
    state: "copying",
    writtenRows: 20,
  });
  expect(await online(world, scene)).toHaveLength(20);
  const copy = await carriedOut(world, materializationId);
  expect(copy).toMatchObject({ state: "succeeded", writtenRows: 45, parity: { offline: 45, equal: 45, different: 0 } });
  expect(await online(world, scene)).toHaveLength(45);
});

test("two workers on one copy: every row once, one of them steps back", async ({ world }) => {
  const rows = Array.from({ length: 40 }, (_, index) => `s${index},2024-01-01,${index}`);
  const scene = await featureScene(world, `sensor,day,value\n${rows.join("\n")}\n`);
  await signedByBoth(scene);
  const { materializationId } = await publish(scene);
  await prepareMaterialization(world.ctx, materializationId);
  const twice = await Promise.allSettled([
    copyMaterialization(world.ctx, materializationId, quiet, 5),
    copyMaterialization(world.ctx, materializationId, quiet, 5),
  ]);
  for (const result of twice)
    if (result.status === "rejected") expect(String(result.reason)).toMatch("Another worker goes on");
  expect(await carriedOut(world, materializationId)).toMatchObject({ writtenRows: 40, parity: { equal: 40 } });
});

test("what is imported during a copy is copied next", async ({ world }) => {
  const { scene } = await published(world);
  const about = { projectId: scene.projectId, viewVersionId: scene.view.id };
  const { materializationId } = await scene.people.mlEngineer.api.features.refresh(about);
  await imported(world, scene.people.engineer, `${READINGS}a,2024-02-01,9\n`);
  await carriedOut(world, materializationId);
  const [next] = await queued(world);
  expect(next).toMatchObject({ trigger: "import", viewVersionId: scene.view.id });
  await carriedOut(world, next?.id ?? "");
  expect((await online(world, scene))[0]?.values).toEqual({ value: 9, doubled: 18 });
  expect(await queued(world)).toEqual([]);
});

test("over HTTP with a token that reads or predicts; a stranger's project has no such view", async ({
  world,
  service,
}) => {
  const { scene } = await published(world);
  const { app } = createHttpApp(world.ctx);
  const post = async (token: string, body: unknown) => {
    const response = await app.request("/api/v1/features/online", {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
    return { status: response.status, body: await response.json() };
  };
  const question = { view: VIEW.name, entities: [{ sensor: "a" }], asOf: "2024-01-02T12:00:00+02:00" };
  for (const scopes of [["read"], ["predict"]] as const) {
    const token = await tokenFor(world.ctx, { userId: scene.people.scientist.id, projectId: scene.projectId, scopes });
    expect(await post(token, question)).toMatchObject({
      status: 200,
      body: {
        view: "sensor_day",
        version: 1,
        asOf: "2024-01-02T10:00:00.000Z",
        features: ["value", "doubled"],
        results: [
          {
            entity: { sensor: "a" },
            eventTime: "2024-01-02T00:00:00.000Z",
            values: { value: 2, doubled: 4 },
            statuses: { value: "PRESENT", doubled: "PRESENT" },
          },
        ],
      },
    });
    expect(await post(token, "{")).toMatchObject({ status: 400, body: { message: "The body is not JSON." } });
    expect(await post(token, { view: VIEW.name, entities: [] })).toMatchObject({ status: 400 });
  }
  const signing = await tokenFor(world.ctx, {
    userId: scene.people.scientist.id,
    projectId: scene.projectId,
    scopes: ["sign"],
  });
  expect(await post(signing, question)).toMatchObject({ status: 403 });
  const elsewhere = await World.create(service);
  const foreigner = await elsewhere.member("R3");
  const foreign = await tokenFor(world.ctx, { userId: foreigner.id, projectId: elsewhere.project.id });
  expect(await post(foreign, question)).toMatchObject({ status: 404 });
});
