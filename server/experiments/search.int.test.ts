import fc from "fast-check";
import { expect } from "vitest";
import { experimentRuns, latestMetrics, runInputs, runParams, runTags } from "@/db/schema/experiments";
import { runIdOf } from "@/domain/experiments/identifiers";
import { parseFilter, parseOrderBy } from "@/domain/experiments/search-grammar";
import { comparer, matches, type Searchable } from "@/domain/experiments/search-match";
import { RUN_TARGET } from "@/domain/experiments/search-types";
import { newId } from "../ids";
import { test, type World } from "../testing/world";
import { defaultExperiment } from "./experiment-lookup";
import { protocol, tokenOf } from "./testing/protocol";

const NAMES = ["patient-wren", "Patient_Wren", "brave%otter", ""];
const VALUES = ["l1", "l2", "L2", "1e3", "100%", "a_b"];

type Made = { readonly runId: string; readonly startMs: number; readonly view: Searchable };

/** Forty runs with every kind of value, in the database and as the language sees them. */
async function makeRuns(world: World): Promise<readonly Made[]> {
  const experiment = await defaultExperiment(world.db, world.project.id);
  const pick = <T>(list: readonly T[], index: number): T => list[index % list.length] as T;
  const made = Array.from({ length: 40 }, (_, index) => {
    const id = newId();
    const startMs = 1_000 + Math.floor(index / 2);
    const endMs = index % 3 === 0 ? null : startMs + index;
    const run = {
      name: pick(NAMES, index),
      status: pick(["RUNNING", "FINISHED", "FAILED"] as const, index),
      userName: pick(["ada", "noor"], index),
    };
    const metrics =
      index % 4 === 3
        ? {}
        : { accuracy: pick([0.5, 0.7, 0.9, Number.NaN, Number.POSITIVE_INFINITY], index), "val loss": index };
    const params = index % 5 === 4 ? {} : { penalty: pick(VALUES, index) };
    const tags = index % 6 === 5 ? {} : { team: pick(["weather", "Weather"], index) };
    const dataset = { name: pick(["rain", "sun"], index), digest: "d", context: pick(["training", null], index) };
    const attributes = {
      run_id: runIdOf(id),
      run_name: run.name,
      status: run.status,
      user_id: run.userName,
      start_time: startMs,
      end_time: endMs,
      artifact_uri: `mlflow-artifacts:/0/${runIdOf(id)}/artifacts`,
    };
    return {
      id,
      startMs,
      endMs,
      run,
      metrics,
      params,
      tags,
      dataset,
      view: { attributes, metrics, params, tags, datasets: [dataset] },
    };
  });
  const { db } = world;
  await db.insert(experimentRuns).values(
    made.map(({ id, startMs, endMs, run }) => ({
      id,
      startMs,
      endMs,
      ...run,
      projectId: world.project.id,
      experimentId: experiment.id,
    })),
  );
  const rows = <T>(of: (one: (typeof made)[number]) => Record<string, T>) =>
    made.flatMap((one) => Object.entries(of(one)).map(([key, value]) => ({ runId: one.id, key, value })));
  await db
    .insert(latestMetrics)
    .values(
      rows<number>((one) => one.metrics as Record<string, number>).map((row) => ({ ...row, step: 0, timestampMs: 0 })),
    );
  await db.insert(runParams).values(rows<string>((one) => one.params as Record<string, string>));
  await db.insert(runTags).values(rows<string>((one) => one.tags as Record<string, string>));
  await db
    .insert(runInputs)
    .values(made.map(({ id, dataset }) => ({ runId: id, ...dataset, sourceType: "local", source: "x" })));
  return made.map(({ id, startMs, view }) => ({ runId: runIdOf(id), startMs, view: view as Searchable }));
}

const quoted = fc
  .constantFrom(...VALUES, ...NAMES, "weather", "%wren%", "l_", "%", "training", "FINISHED", "ada")
  .map((text) => `'${text}'`);
const text = fc.tuple(
  fc.constantFrom(
    "params.penalty",
    "tags.team",
    "run_name",
    "attributes.status",
    "user_id",
    "artifact_uri",
    "params.none",
  ),
  fc.constantFrom("=", "!=", "LIKE", "ILIKE"),
  quoted,
);
const number = fc.tuple(
  fc.constantFrom("metrics.accuracy", 'metrics."val loss"', "start_time", "end_time", "metrics.none"),
  fc.constantFrom("=", "!=", ">", ">=", "<", "<="),
  fc.constantFrom("0.7", "0.5", "10", "1005", "-1e3"),
);
const lists = fc.tuple(
  fc.constantFrom("dataset.name", "dataset.context"),
  fc.constantFrom("IN", "NOT IN"),
  fc.constant("('rain', 'training')"),
);
const nulls = fc.tuple(
  fc.constantFrom("params.penalty", "tags.team", "params.none"),
  fc.constantFrom("IS NULL", "IS NOT NULL"),
  fc.constant(""),
);
const clause = fc.oneof(text, number, lists, nulls).map((parts) => parts.join(" "));
const order = fc
  .tuple(
    fc.constantFrom("metrics.accuracy", "start_time", "end_time", 'metrics."val loss"', "metrics.none"),
    fc.constantFrom("ASC", "DESC"),
  )
  .map((parts) => parts.join(" "));

test("the database finds and orders what the language means", { timeout: 60_000 }, async ({ world }) => {
  const runs = await makeRuns(world);
  const client = protocol(world.ctx, await tokenOf(world, await world.member("R1")));
  await fc.assert(
    fc.asyncProperty(
      fc.array(clause, { maxLength: 3 }),
      fc.uniqueArray(order, { maxLength: 2, selector: (entry) => entry.split(" ")[0] }),
      async (clauses, orders) => {
        const filter = clauses.join(" AND ");
        const expected = [...runs]
          .sort((a, b) => b.startMs - a.startMs || (a.runId < b.runId ? -1 : 1))
          .filter((run) => matches(run.view, parseFilter(filter, RUN_TARGET)))
          .sort(comparer(parseOrderBy(orders, RUN_TARGET), (run) => run.view))
          .map((run) => run.runId);
        const { status, body } = await client.post("/mlflow/runs/search", {
          experiment_ids: ["0"],
          filter,
          order_by: orders,
        });
        expect(status).toBe(200);
        expect(((body.runs ?? []) as { info: { run_id: string } }[]).map((run) => run.info.run_id)).toEqual(expected);
      },
    ),
    { numRuns: 150 },
  );
});

test("runs by id, and pages without gap or repetition", async ({ world }) => {
  const runs = await makeRuns(world);
  const client = protocol(world.ctx, await tokenOf(world, await world.member("R1")));
  const ids = (body: Record<string, unknown>) =>
    ((body.runs ?? []) as { info: { run_id: string } }[]).map((run) => run.info.run_id);
  const wanted = runs.slice(3, 5).map((run) => run.runId);
  const byId = await client.post("/mlflow/runs/search", {
    experiment_ids: ["0"],
    filter: `run_id IN ('${wanted.join("', '")}', 'ABC')`,
  });
  expect(ids(byId.body).sort()).toEqual([...wanted].sort());
  const seen: string[] = [];
  let token: unknown;
  do {
    const page = await client.post("/mlflow/runs/search", {
      experiment_ids: ["0"],
      max_results: 7,
      order_by: ["metrics.accuracy DESC"],
      ...(token ? { page_token: token } : {}),
    });
    seen.push(...ids(page.body));
    token = page.body.next_page_token;
  } while (token);
  expect(new Set(seen).size).toBe(40);
  expect(seen).toHaveLength(40);
  expect((await client.post("/mlflow/runs/search", { experiment_ids: [] })).body).toEqual({});
});
