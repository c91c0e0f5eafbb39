import { eq } from "drizzle-orm";
import { expect } from "vitest";
import { impactReports, lineageEdges } from "@/db/schema/lineage";
import type { LineageEdge, LineageNode } from "@/domain/lineage/types";
import { watchedModel } from "../testing/feedback";
import { test, World } from "../testing/world";
import { recordImpactReport } from "./record-impact-report";
import { recordLineage } from "./record-lineage";
import { walk } from "./walk";

const data = { kind: "dataset_version", reference: "d1", label: "weather v1" } as const;
const run = { kind: "pipeline_run", reference: "r1", label: "run #1" } as const;
const model = { kind: "model_version", reference: "m1", label: "rain v1" } as const;
const edges: LineageEdge[] = [
  { from: data, to: run, kind: "input_of" },
  { from: run, to: model, kind: "produced" },
];

const record = (world: World, all: readonly LineageEdge[]) =>
  world.db.transaction((tx) => recordLineage(tx, world.project.id, all));

/** A file by its number, as a link of a chain. */
const file = (index: number | string): LineageNode => ({
  kind: "artifact",
  reference: `f${index}`,
  label: `file ${index}`,
});

test("upstream and downstream walk the same edges in opposite directions", async ({ world }) => {
  await record(world, edges);
  const { api } = await world.member("R1");
  const up = await api.lineage.get({ projectId: world.project.id, kind: "model_version", reference: "m1" });
  expect(up.nodes.map((node) => [node.reference, node.distance])).toEqual([
    ["m1", 0],
    ["r1", 1],
    ["d1", 2],
  ]);
  const down = await api.lineage.get({
    projectId: world.project.id,
    kind: "dataset_version",
    reference: "d1",
    direction: "downstream",
  });
  expect(down.nodes.map((node) => node.reference)).toEqual(["d1", "r1", "m1"]);
  expect(down.edges).toHaveLength(2);
});

test("both directions from the middle say on which side each node lies", async ({ world }) => {
  await record(world, edges);
  const { api } = await world.member("R1");
  const all = await api.lineage.get({
    projectId: world.project.id,
    kind: "pipeline_run",
    reference: "r1",
    direction: "both",
  });
  expect(all.nodes.map((node) => [node.reference, node.side])).toEqual([
    ["r1", "self"],
    ["m1", "downstream"],
    ["d1", "upstream"],
  ]);
  expect(all.edges).toHaveLength(2);
});

test("the same edges written twice and at once stand once", async ({ world }) => {
  await Promise.all([record(world, edges), record(world, edges), record(world, edges)]);
  const { api } = await world.member("R2");
  const graph = await api.lineage.get({ projectId: world.project.id, kind: "model_version", reference: "m1" });
  expect(graph.edges).toHaveLength(2);
});

test("a cycle ends, and a node of another project is not found", async ({ world }) => {
  await record(world, [...edges, { from: model, to: data, kind: "replaces" }]);
  const { api } = await world.member("R2");
  const graph = await api.lineage.get({ projectId: world.project.id, kind: "model_version", reference: "m1" });
  expect(graph.nodes).toHaveLength(3);
  const other = await World.create(world.ctx);
  const stranger = await other.member("R2");
  await expect(
    stranger.api.lineage.get({ projectId: other.project.id, kind: "model_version", reference: "m1" }),
  ).rejects.toMatchObject({ code: "NOT_FOUND" });
  await expect(
    stranger.api.lineage.get({ projectId: world.project.id, kind: "model_version", reference: "m1" }),
  ).rejects.toMatchObject({ code: "NOT_FOUND" });
});

test("two ways to one node show it once, by the shorter one", async ({ world }) => {
  await record(world, [
    { from: file("top"), to: file("left"), kind: "input_of" },
    { from: file("top"), to: file("right"), kind: "input_of" },
    { from: file("right"), to: file("far"), kind: "input_of" },
    { from: file("far"), to: file("foot"), kind: "input_of" },
    { from: file("left"), to: file("foot"), kind: "input_of" },
  ]);
  const { api } = await world.member("R2");
  const graph = await api.lineage.get({ projectId: world.project.id, kind: "artifact", reference: "ffoot" });
  expect(graph.nodes.map((node) => [node.reference, node.distance])).toEqual([
    ["ffoot", 0],
    ["ffar", 1],
    ["fleft", 1],
    ["fright", 2],
    ["ftop", 2],
  ]);
  expect(graph.edges).toHaveLength(5);
});

test("ladders of diamonds take one query a rung, not one visit a way", async ({ world }) => {
  const rungs = 18; // 2^18 ways from end to end
  await record(
    world,
    Array.from({ length: rungs }, (_, rung) =>
      ["a", "b"].flatMap((side): LineageEdge[] => [
        { from: file(rung), to: file(`${rung}${side}`), kind: "input_of" },
        { from: file(`${rung}${side}`), to: file(rung + 1), kind: "input_of" },
      ]),
    ).flat(),
  );
  const { api } = await world.member("R2");
  const graph = await api.lineage.get({
    projectId: world.project.id,
    kind: "artifact",
    reference: `f${rungs}`,
    depth: 20,
  });
  expect(graph.nodes).toHaveLength(1 + 10 * 3);
  expect(graph.isCut).toBe(false);
});

test("depth and the limit of nodes hold, and a cut is said", async ({ world }) => {
  const leaves = Array.from({ length: 30 }, (_, index) => file(index));
  await record(world, [
    ...leaves.map((from): LineageEdge => ({ from, to: file("hub"), kind: "input_of" })),
    { from: file("hub"), to: file("end"), kind: "input_of" },
  ]);
  const { api } = await world.member("R2");
  const near = await api.lineage.get({
    projectId: world.project.id,
    kind: "artifact",
    reference: "fend",
    depth: 1,
  });
  expect(near.nodes.map((node) => node.reference)).toEqual(["fend", "fhub"]);
  const end = near.nodes[0]?.id ?? "";
  const about = { projectId: world.project.id, from: [end], direction: "upstream", depth: 5 } as const;
  const cut = await walk(world.db, { ...about, limit: 10 });
  expect([cut.distances.size, cut.isCut]).toEqual([10, true]);
  const whole = await walk(world.db, { ...about, limit: 32 });
  expect([whole.distances.size, whole.isCut]).toEqual([32, false]);
  const elsewhere = await World.create(world.ctx);
  const strange = await walk(world.db, { ...about, projectId: elsewhere.project.id, limit: 10 });
  expect(strange.distances.size).toBe(1);
});

test("nodes are found by a part of their label, whatever signs it has", async ({ world }) => {
  await record(world, [{ from: { ...data, label: "weather_2012 100%" }, to: run, kind: "input_of" }]);
  const { api } = await world.member("R2");
  const find = async (text: string) =>
    (await api.lineage.search({ projectId: world.project.id, text })).map((node) => node.reference);
  expect(await find("WEATHER_2")).toEqual(["d1"]);
  expect(await find("weatherX2")).toEqual([]);
  expect(await find("100%")).toEqual(["d1"]);
  expect(await find("")).toHaveLength(2);
});

test("impact names by kind what a change would touch, and the report of a change keeps it", async ({ world }) => {
  const promotion = { kind: "promotion", reference: "p1", label: "rain v1 to staging" } as const;
  await record(world, [
    ...edges,
    { from: model, to: file("report"), kind: "evaluated_by" },
    { from: file("report"), to: promotion, kind: "evidence_for" },
  ]);
  const { api, id } = await world.member("R3");
  const impact = await api.lineage.impact({ projectId: world.project.id, kind: "dataset_version", reference: "d1" });
  expect(impact.groups.map((group) => [group.kind, group.nodes.map((node) => node.label)])).toEqual([
    ["pipeline_run", ["run #1"]],
    ["model_version", ["rain v1"]],
    ["promotion", ["rain v1 to staging"]],
  ]);
  const view: LineageNode = { kind: "feature_view", reference: "v2", label: "daily_weather v2" };
  const report = () =>
    world.db.transaction((tx) =>
      recordImpactReport(tx, {
        projectId: world.project.id,
        subject: view,
        change: "daily_weather v1 to v2",
        roots: [data],
        createdBy: id,
        at: new Date(),
      }),
    );
  const [first, second] = [await report(), await report()];
  expect(first.digest).toBe(second.digest);
  const rows = await world.db.select().from(impactReports).where(eq(impactReports.projectId, world.project.id));
  expect(rows).toHaveLength(1);
  expect(rows[0]).toMatchObject({ subjectReference: "v2", touchedCount: 3, digest: first.digest });
  expect(await world.db.$count(lineageEdges, eq(lineageEdges.projectId, world.project.id))).toBe(4);
});

test("a window of predictions opens the monitor that watches there, and a strange reference opens nothing", async ({
  world,
}) => {
  const owner = await world.member("R7");
  const model = await watchedModel(world, owner);
  const window = {
    kind: "prediction_window",
    reference: `${model.modelId}:production:2013-10-01`,
    label: "Answers, Q4 2013",
  } as const;
  await record(world, [
    { from: { ...window, reference: "no-model:production:2013-10-01" }, to: window, kind: "derived_from" },
    { from: window, to: { kind: "monitor_check", reference: "no-id", label: "Quality" }, kind: "checked_by" },
  ]);
  const graph = await owner.api.lineage.get({ projectId: world.project.id, ...window, direction: "both" });
  expect(graph.nodes.map((node) => [node.side, node.target?.screen ?? null])).toEqual([
    ["self", "monitor"],
    ["upstream", null],
    ["downstream", null],
  ]);
});

test("a dataset stands for all its versions, and an id that is none is refused", async ({ world }) => {
  const { api } = await world.member("R4");
  await expect(
    api.lineage.impact({ projectId: world.project.id, kind: "dataset", reference: "no-id" }),
  ).rejects.toMatchObject({ code: "BAD_REQUEST" });
});
