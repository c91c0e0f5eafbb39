import { expect } from "vitest";
import type { LineageEdge } from "@/domain/lineage/types";
import { test, World } from "../testing/world";
import { recordLineage } from "./record-lineage";

const data = { kind: "dataset_version", reference: "d1", label: "weather v1" } as const;
const run = { kind: "pipeline_run", reference: "r1", label: "run #1" } as const;
const model = { kind: "model_version", reference: "m1", label: "rain v1" } as const;
const edges: LineageEdge[] = [
  { from: data, to: run, kind: "input_of" },
  { from: run, to: model, kind: "produced" },
];

test("upstream and downstream walk the same edges in opposite directions", async ({ world }) => {
  await world.db.transaction((tx) => recordLineage(tx, world.project.id, edges));
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

test("the same edges written twice and at once stand once", async ({ world }) => {
  const write = () => world.db.transaction((tx) => recordLineage(tx, world.project.id, edges));
  await Promise.all([write(), write(), write()]);
  const { api } = await world.member("R2");
  const graph = await api.lineage.get({ projectId: world.project.id, kind: "model_version", reference: "m1" });
  expect(graph.edges).toHaveLength(2);
});

test("a cycle ends, and a node of another project is not found", async ({ world }) => {
  await world.db.transaction((tx) =>
    recordLineage(tx, world.project.id, [...edges, { from: model, to: data, kind: "replaces" }]),
  );
  const { api } = await world.member("R2");
  const graph = await api.lineage.get({ projectId: world.project.id, kind: "model_version", reference: "m1" });
  expect(graph.nodes).toHaveLength(3);
  const other = await World.create(world.ctx);
  const stranger = await other.member("R2");
  await expect(
    stranger.api.lineage.get({ projectId: other.project.id, kind: "model_version", reference: "m1" }),
  ).rejects.toMatchObject({ code: "NOT_FOUND" });
});
