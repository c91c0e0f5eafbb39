import fc from "fast-check";
import { expect } from "vitest";
import { experimentRuns, latestMetrics, metrics, runParams } from "@/db/schema/experiments";
import type { RunsCursor } from "@/domain/experiments/contracts";
import { newId } from "../ids";
import { type Member, test, type World } from "../testing/world";
import { defaultExperiment } from "./experiment-lookup";

async function makeRuns(world: World, createdBy: string) {
  const experiment = await defaultExperiment(world.db, world.project.id);
  const values = [0.5, 0.7, Number.NaN, Number.POSITIVE_INFINITY, 0.7];
  const runs = Array.from({ length: 37 }, (_, index) => ({
    id: newId(),
    projectId: world.project.id,
    experimentId: experiment.id,
    name: `run-${index % 9}`,
    status: (["FINISHED", "RUNNING", "FAILED"] as const)[index % 3] ?? "FINISHED",
    createdBy,
    startMs: 1_000 + Math.floor(index / 3),
    endMs: index % 3 === 1 ? null : 2_000 + index,
  }));
  await world.db.insert(experimentRuns).values(runs);
  const measured = runs.filter((_, index) => index % 6 !== 5);
  await world.db.insert(latestMetrics).values(
    measured.map((run, index) => ({
      runId: run.id,
      key: "accuracy",
      value: values[index % 5] ?? 0,
      step: 3,
      timestampMs: 30,
    })),
  );
  await world.db.insert(runParams).values(
    measured.map((run, index) => ({
      runId: run.id,
      key: "C",
      value: ["10", "3", "0.1", "auto", "1e2"][index % 5] ?? "",
    })),
  );
  const [first] = runs;
  if (first)
    await world.db
      .insert(metrics)
      .values(
        [1, 2, 3].map((step) => ({ runId: first.id, key: "accuracy", step, timestampMs: step * 10, value: step / 10 })),
      );
  return { experimentId: experiment.id, runs };
}

type Rows = Awaited<ReturnType<Member["api"]["experiments"]["runs"]>>["rows"];

test("pages follow on from each other in every order", { timeout: 60_000 }, async ({ world }) => {
  const scientist = await world.member("R3");
  const { experimentId } = await makeRuns(world, scientist.id);
  const sorts = ["started", "name", "state", "duration", "person", "metrics.accuracy", "params.C", "metrics.none"];
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...sorts),
      fc.boolean(),
      fc.integer({ min: 3, max: 15 }),
      async (sort, isAscending, limit) => {
        const ask = {
          projectId: world.project.id,
          experimentId,
          sort,
          isAscending,
          metrics: ["accuracy"],
          params: ["C"],
        };
        const whole = await scientist.api.experiments.runs({ ...ask, limit: 200 });
        expect(whole.rows).toHaveLength(37);
        const rows: Rows = [];
        let cursor: RunsCursor | null = null;
        do {
          const page: Awaited<ReturnType<Member["api"]["experiments"]["runs"]>> = await scientist.api.experiments.runs({
            ...ask,
            limit,
            cursor,
          });
          rows.push(...page.rows);
          cursor = page.nextCursor;
        } while (cursor);
        expect(rows.map((row) => row.id)).toEqual(whole.rows.map((row) => row.id));
      },
    ),
    { numRuns: 40 },
  );
});

test("numbers sort as numbers, then words, then what is missing; NaN after numbers", async ({ world }) => {
  const scientist = await world.member("R3");
  const { experimentId } = await makeRuns(world, scientist.id);
  const ask = {
    projectId: world.project.id,
    experimentId,
    isAscending: true,
    params: ["C"],
    metrics: ["accuracy"],
    limit: 200,
  };
  const byParam = (await scientist.api.experiments.runs({ ...ask, sort: "params.C" })).rows.map(
    (row) => row.params.C ?? null,
  );
  expect([...new Set(byParam)]).toEqual(["0.1", "3", "10", "1e2", "auto", null]);
  const byMetric = (
    await scientist.api.experiments.runs({ ...ask, sort: "metrics.accuracy", isAscending: false })
  ).rows.map((row) => row.metrics.accuracy ?? null);
  expect([...new Set(byMetric)]).toEqual(["Infinity", 0.7, 0.5, "NaN", null]);
});

test("filters narrow, only the chosen columns come, and a course is drawn where there is one", async ({ world }) => {
  const scientist = await world.member("R3");
  const { experimentId, runs } = await makeRuns(world, scientist.id);
  const ask = { projectId: world.project.id, experimentId, sort: "started", limit: 200 };
  const found = await scientist.api.experiments.runs({
    ...ask,
    states: ["FINISHED"],
    where: ["metrics.accuracy > 0.6"],
    metrics: ["accuracy"],
    sparklines: ["accuracy"],
    people: [scientist.id],
  });
  expect(found.total).toBe(found.rows.length);
  expect(
    found.rows.every(
      (row) => row.status === "FINISHED" && row.metrics.accuracy !== 0.5 && Object.keys(row.params).length === 0,
    ),
  ).toBe(true);
  const all = await scientist.api.experiments.runs({ ...ask, metrics: ["accuracy"], sparklines: ["accuracy"] });
  expect(all.rows.find((row) => row.id === runs[0]?.id)?.sparklines.accuracy).toEqual([0.1, 0.2, 0.3]);
  expect(all.rows.find((row) => row.id === runs[1]?.id)?.sparklines.accuracy).toBeUndefined();
  expect(
    (await scientist.api.experiments.runs({ ...ask, name: "RUN-1" })).rows.every((row) => row.name === "run-1"),
  ).toBe(true);
  await expect(scientist.api.experiments.runs({ ...ask, where: ["nonsense"] })).rejects.toMatchObject({
    code: "BAD_REQUEST",
  });
  await expect(scientist.api.experiments.runs({ ...ask, sort: "constructor" })).rejects.toMatchObject({
    code: "BAD_REQUEST",
  });
  const facets = await scientist.api.experiments.facets({ projectId: world.project.id, experimentId });
  expect(facets.people).toEqual([{ value: scientist.id, label: scientist.name, count: 37 }]);
  expect([facets.params, facets.metrics]).toEqual([["C"], ["accuracy"]]);
});

test("a stranger finds no experiment, and another project's runs are not shown", async ({ world }) => {
  const scientist = await world.member("R3");
  const { experimentId, runs } = await makeRuns(world, scientist.id);
  const stranger = await world.member();
  await expect(stranger.api.experiments.runs({ projectId: world.project.id, experimentId })).rejects.toMatchObject({
    code: "NOT_FOUND",
  });
  const [a, b] = runs;
  const compared = await scientist.api.experiments.compare({
    projectId: world.project.id,
    runIds: [a?.id ?? "", b?.id ?? ""],
  });
  expect(compared.params).toEqual([{ key: "C", values: ["10", "3"], isDifferent: true }]);
  expect(await scientist.api.experiments.locate({ runId: a?.id.replaceAll("-", "") })).toEqual({
    projectSlug: world.project.slug,
    runId: a?.id,
    experiment: null,
  });
  await expect(stranger.api.experiments.locate({ runId: a?.id ?? "" })).rejects.toMatchObject({ code: "NOT_FOUND" });
});
