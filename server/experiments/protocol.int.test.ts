import { and, eq } from "drizzle-orm";
import { expect } from "vitest";
import { auditEvents } from "@/db/schema/audit";
import { experimentRuns, latestMetrics, metrics, runParams } from "@/db/schema/experiments";
import { events } from "@/db/schema/notifications";
import { runIdOf, uuidOf } from "@/domain/experiments/identifiers";
import { test, World } from "../testing/world";
import { createStepExperimentRun, finishStepExperimentRun } from "./step-experiment-run";
import { pipelineRun, runTokenOf } from "./testing/pipeline-run";
import { protocol, tokenOf } from "./testing/protocol";

type Client = ReturnType<typeof protocol>;

async function clientOf(world: World, ...roles: Parameters<World["member"]>): Promise<{ client: Client; id: string }> {
  const member = await world.member(...roles);
  return { client: protocol(world.ctx, await tokenOf(world, member)), id: member.id };
}

async function startRun(client: Client, body: Record<string, unknown> = {}): Promise<string> {
  const { status, body: answer } = await client.post("/mlflow/runs/create", { experiment_id: "0", ...body });
  expect(status).toBe(200);
  return (answer.run as { info: { run_id: string } }).info.run_id;
}

const dataOf = async (client: Client, runId: string) =>
  (await client.get("/mlflow/runs/get", { run_id: runId })).body.run as {
    data: Record<string, unknown>;
    info: Record<string, unknown>;
  };

test("experiment 0 is the project's default, and an experiment's name is taken once", async ({ world }) => {
  const { client } = await clientOf(world, "R3");
  expect((await client.get("/mlflow/experiments/get", { experiment_id: "0" })).body.experiment).toMatchObject({
    experiment_id: "0",
    name: "Default",
    lifecycle_stage: "active",
    artifact_location: "mlflow-artifacts:/0",
  });
  const made = await client.post("/mlflow/experiments/create", { name: "wet-day" });
  expect(made.body.experiment_id).toMatch(/^[1-9]\d*$/);
  const again = await client.post("/mlflow/experiments/create", { name: "wet-day" });
  expect(again).toMatchObject({ status: 400, body: { error_code: "RESOURCE_ALREADY_EXISTS" } });
  expect(await client.get("/mlflow/experiments/get-by-name", { experiment_name: "none" })).toMatchObject({
    status: 404,
    body: { error_code: "RESOURCE_DOES_NOT_EXIST" },
  });
  const first = await client.post("/mlflow/experiments/search", { max_results: 1 });
  expect(first.body.experiments).toHaveLength(1);
  const second = await client.post("/mlflow/experiments/search", {
    max_results: 1,
    page_token: first.body.next_page_token,
  });
  expect(second.body.experiments).toHaveLength(1);
  expect(second.body.next_page_token).toBeUndefined();
});

test("latest is the greatest step, a repeated point is ignored, NaN and infinities come back by name", async ({
  world,
}) => {
  const { client } = await clientOf(world, "R3");
  const run_id = await startRun(client, { run_name: "patient-wren", start_time: "1700000000000" });
  const point = (step: number, value: unknown, timestamp = 1) => ({ key: "loss", step, value, timestamp });
  await client.post("/mlflow/runs/log-batch", {
    run_id,
    metrics: [point(3, 0.3), point(1, 0.1), point(3, 0.3), { ...point(0, "-Infinity"), key: "low" }],
  });
  await client.post("/mlflow/runs/log-metric", { run_id, ...point(2, "0.2") });
  // Python writes NaN bare.
  await client.post(
    "/mlflow/runs/log-metric",
    `{"run_id": "${run_id}", "key": "undefined", "value": NaN, "timestamp": 1}`,
  );
  const { data, info } = await dataOf(client, run_id);
  expect(info).toMatchObject({ run_name: "patient-wren", start_time: 1_700_000_000_000, status: "RUNNING" });
  expect(data.metrics).toEqual([
    { key: "loss", value: 0.3, timestamp: 1, step: 3 },
    { key: "low", value: "-Infinity", timestamp: 1, step: 0 },
    { key: "undefined", value: "NaN", timestamp: 1, step: 0 },
  ]);
  const first = await client.get("/mlflow/metrics/get-history", { run_id, metric_key: "loss", max_results: "2" });
  const rest = await client.get("/mlflow/metrics/get-history", {
    run_id,
    metric_key: "loss",
    max_results: "2",
    page_token: String(first.body.next_page_token),
  });
  expect([first, rest].map((page) => (page.body.metrics as { step: number }[]).map((entry) => entry.step))).toEqual([
    [1, 2],
    [3],
  ]);
  expect(rest.body.next_page_token).toBeUndefined();
  expect((await client.get("/mlflow/metrics/get-history", { run_id, metric_key: "none" })).body).toEqual({});
});

test("a parameter is written once, also when two write it at the same moment", async ({ world }) => {
  const { client } = await clientOf(world, "R3");
  const run_id = await startRun(client);
  const log = (value: string) =>
    client.post("/mlflow/runs/log-batch", {
      run_id,
      params: [{ key: "C", value }],
      metrics: [{ key: "m", value: 1, timestamp: 1 }],
    });
  const answers = await Promise.all(Array.from({ length: 8 }, (_, index) => log(String(index % 2))));
  const winner = (
    await world.db
      .select()
      .from(runParams)
      .where(eq(runParams.runId, uuidOf(run_id) ?? ""))
  )[0]?.value;
  expect(answers.filter((answer) => answer.status === 200)).toHaveLength(4);
  expect(
    answers
      .filter((answer) => answer.status === 400)
      .every((answer) => answer.body.message?.startsWith("Changing param values is not allowed.")),
  ).toBe(true);
  expect((await log(winner ?? "")).status).toBe(200);
  const twice = {
    run_id,
    params: [
      { key: "x", value: "1" },
      { key: "x", value: "2" },
    ],
  };
  expect((await client.post("/mlflow/runs/log-batch", twice)).body.message).toContain("Duplicate parameter keys");
});

test("a batch that is refused writes nothing", async ({ world }) => {
  const { client } = await clientOf(world, "R3");
  const run_id = await startRun(client);
  await client.post("/mlflow/runs/log-parameter", { run_id, key: "C", value: "1" });
  const refused = await client.post("/mlflow/runs/log-batch", {
    run_id,
    metrics: [{ key: "m", value: 1, timestamp: 1 }],
    params: [{ key: "C", value: "2" }],
  });
  expect(refused.status).toBe(400);
  expect(await world.db.$count(metrics, eq(metrics.runId, uuidOf(run_id) ?? ""))).toBe(0);
});

const refused: readonly (readonly [string, unknown, string])[] = [
  ["/mlflow/runs/log-metric", { key: "a", value: 1, timestamp: 1 }, "Missing value for required parameter 'run_id'"],
  ["/mlflow/runs/log-metric", { run_id: "x", key: "a", timestamp: 1 }, "Missing value for required parameter 'value'"],
  [
    "/mlflow/runs/log-batch",
    { run_id: "x", metrics: [{ key: "a", value: 1 }] },
    "Missing value for required parameter 'metrics[0].timestamp'",
  ],
  ["/mlflow/runs/log-batch", { run_id: "x", metrics: "foo" }, "Invalid value \"foo\" for parameter 'metrics' supplied"],
  ["/mlflow/runs/log-batch", { run_id: 31 }, "Invalid value 31 for parameter 'run_id' supplied"],
  ["/mlflow/runs/log-batch", { run_id: "x", tags: [{ key: "a$b", value: "" }] }, "Names may only contain"],
  [
    "/mlflow/runs/log-batch",
    { run_id: "x", metrics: Array.from({ length: 1001 }, () => ({ key: "a", value: 1, timestamp: 1 })) },
    "at most 1000 metrics. Got 1001 metrics",
  ],
  ["/mlflow/runs/set-tag", { run_id: "x", key: "a", value: "\u0000" }, "Invalid value"],
  ["/mlflow/experiments/create", {}, "Missing value for required parameter 'name'"],
  ["/mlflow/experiments/create", "no json", "Missing value for required parameter 'name'"],
  ["/mlflow/experiments/search", {}, "Invalid value 0 for parameter 'max_results'"],
  ["/mlflow/runs/search", { experiment_ids: ["0"], filter: "colour = 'x'" }, "Invalid attribute key 'colour'"],
  ["/mlflow/runs/search", { experiment_ids: ["0"], page_token: "!!" }, "Invalid page token"],
];

test("what is wrong with a request is said in MLflow's words, with a 400", async ({ world }) => {
  const { client } = await clientOf(world, "R3");
  for (const [path, body, message] of refused) {
    const answer = await client.post(path, body);
    expect(answer).toMatchObject({ status: 400, body: { error_code: "INVALID_PARAMETER_VALUE" } });
    expect(answer.body.message).toContain(message);
  }
});

test("another project's token finds nothing, and a token of a role that may only look writes nothing", async ({
  world,
  service,
}) => {
  const { client } = await clientOf(world, "R3");
  const run_id = await startRun(client);
  const elsewhere = await World.create(service);
  const { client: stranger } = await clientOf(elsewhere, "R3", "R7");
  const body = { run_id, key: "a", value: "1", timestamp: 1 };
  for (const [method, path] of [
    ["POST", "log-metric"],
    ["POST", "log-parameter"],
    ["POST", "set-tag"],
    ["POST", "update"],
    ["POST", "delete"],
    ["POST", "log-inputs"],
    ["POST", "delete-tag"],
  ] as const) {
    expect(await stranger.send(method, `/mlflow/runs/${path}`, body), path).toMatchObject({
      status: 404,
      body: { error_code: "RESOURCE_DOES_NOT_EXIST" },
    });
  }
  expect(await stranger.get("/mlflow/runs/get", { run_id })).toMatchObject({ status: 404 });
  expect((await stranger.get("/mlflow/metrics/get-history", { run_id, metric_key: "a" })).body).toEqual({});
  expect((await stranger.get("/mlflow/artifacts/list", { run_id })).status).toBe(404);
  const { client: stakeholder } = await clientOf(world, "R1");
  expect((await stakeholder.get("/mlflow/runs/get", { run_id })).status).toBe(200);
  expect(await stakeholder.post("/mlflow/runs/log-metric", { ...body, value: 1 })).toMatchObject({
    status: 403,
    body: { error_code: "PERMISSION_DENIED" },
  });
  const { client: colleague } = await clientOf(world, "R3");
  expect((await colleague.post("/mlflow/runs/set-tag", body)).body.message).toBe(
    "Only the person who made this run may write to it.",
  );
  expect(await world.db.$count(latestMetrics, eq(latestMetrics.runId, uuidOf(run_id) ?? ""))).toBe(0);
  const nobody = await protocol(world.ctx, "csp_wrong").get("/mlflow/runs/get", { run_id });
  expect(nobody).toMatchObject({ status: 401, body: { error_code: "UNAUTHENTICATED" } });
});

test("a step's token writes its own experiment run and nothing else", async ({ world }) => {
  const { client, id } = await clientOf(world, "R3");
  const other = await startRun(client);
  const made = await pipelineRun(world, id);
  const step = { projectId: world.project.id, pipelineRunId: made.runId, stepAttemptId: made.attemptId };
  const experimentRunId = await createStepExperimentRun(world.ctx, {
    ...step,
    experiment: "wet-day",
    name: "train #1",
    commit: "5be02f1c",
  });
  const token = protocol(world.ctx, await runTokenOf(world, { ...made, experimentRunId }));
  const own = runIdOf(experimentRunId);
  expect((await token.post("/mlflow/runs/log-metric", { run_id: own, key: "a", value: 1, timestamp: 1 })).status).toBe(
    200,
  );
  expect((await token.post("/mlflow/runs/update", { run_id: own, status: "FINISHED", end_time: 5 })).status).toBe(200);
  const refusals = [
    await token.post("/mlflow/runs/log-metric", { run_id: other, key: "a", value: 1, timestamp: 1 }),
    await token.post("/mlflow/runs/create", { experiment_id: "0" }),
    await token.post("/mlflow/experiments/create", { name: "mine" }),
    await token.post("/mlflow/runs/delete", { run_id: own }),
    await token.post("/mlflow/logged-models", { experiment_id: "0", name: "model" }),
    await token.post("/mlflow/logged-models", { experiment_id: "0", name: "model", source_run_id: other }),
    await token.post("/mlflow/model-versions/create", { name: "rain", source: "s3://bucket/model" }),
  ];
  expect(refusals.map((refusal) => refusal.status)).toEqual([403, 403, 403, 403, 403, 403, 403]);
  const [row] = await world.db.select().from(experimentRuns).where(eq(experimentRuns.id, experimentRunId));
  expect(row).toMatchObject({ status: "FINISHED", endMs: 5, createdBy: null, pipelineRunId: made.runId });
  await finishStepExperimentRun(world.ctx, { projectId: world.project.id, experimentRunId, status: "KILLED" });
  expect((await dataOf(client, own)).info).toMatchObject({ status: "KILLED", end_time: 5 });
  const mine = await client.post("/mlflow/runs/set-tag", { run_id: own, key: "a", value: "b" });
  expect(mine.body.message).toContain("belongs to a pipeline's step");
});

test("people delete and restore their own runs; each attempt leaves an audit row", async ({ world }) => {
  const { client, id } = await clientOf(world, "R3");
  const { client: colleague } = await clientOf(world, "R4");
  const run_id = await startRun(client);
  expect(await colleague.post("/mlflow/runs/delete", { run_id })).toMatchObject({
    status: 403,
    body: { message: "You may delete only runs that you made or started." },
  });
  expect((await client.post("/mlflow/runs/delete", { run_id })).status).toBe(200);
  expect((await client.post("/mlflow/runs/set-tag", { run_id, key: "a", value: "b" })).body.message).toContain(
    "must be in the 'active' state",
  );
  const found = async (run_view_type: string) =>
    ((await client.post("/mlflow/runs/search", { experiment_ids: ["0"], run_view_type })).body.runs ?? []) as unknown[];
  expect(
    [await found("ACTIVE_ONLY"), await found("DELETED_ONLY"), await found("ALL")].map((runs) => runs.length),
  ).toEqual([0, 1, 1]);
  expect((await client.post("/mlflow/runs/restore", { run_id })).status).toBe(200);
  const rows = await world.db
    .select()
    .from(auditEvents)
    .where(and(eq(auditEvents.projectId, world.project.id), eq(auditEvents.entityId, uuidOf(run_id) ?? "")));
  expect(rows.map((row) => row.action).sort()).toEqual([
    "experiments.run_delete_refused",
    "experiments.run_deleted",
    "experiments.run_restored",
  ]);
  expect(rows.filter((row) => row.actorId === id)).toHaveLength(2);
});

test("a training loop tells open pages once a second at most", async ({ world }) => {
  const { client } = await clientOf(world, "R3");
  const run_id = await startRun(client);
  const told = () =>
    world.db.$count(events, and(eq(events.projectId, world.project.id), eq(events.entityId, uuidOf(run_id) ?? "")));
  const before = await told();
  for (let step = 0; step < 20; step += 1)
    await client.post("/mlflow/runs/log-metric", { run_id, key: "a", value: step, timestamp: step, step });
  expect((await told()) - before).toBeLessThan(5);
  expect(await world.db.$count(metrics, eq(metrics.runId, uuidOf(run_id) ?? ""))).toBe(20);
});

test("the twin for pages, the version, and what there is not", async ({ world }) => {
  const { client } = await clientOf(world, "R3");
  expect((await client.raw("GET", "/ajax-api/2.0/mlflow/experiments/get?experiment_id=0")).status).toBe(200);
  expect(await (await client.raw("GET", "/version")).text()).toMatch(/^2\./);
  const none = await client.raw("POST", "/api/3.0/mlflow/traces", "{}");
  expect([none.status, ((await none.json()) as { error_code: string }).error_code]).toEqual([
    404,
    "ENDPOINT_NOT_FOUND",
  ]);
  const multipart = await client.post("/mlflow-artifacts/mpu/create/0/x", {});
  expect(multipart.status).toBe(501);
  expect(multipart.body.message).toMatch(/^Multipart upload is not supported for the current artifact repository/);
});
