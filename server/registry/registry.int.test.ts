import { readFile } from "node:fs/promises";
import { and, eq, like } from "drizzle-orm";
import { expect } from "vitest";
import { auditEvents } from "@/db/schema/audit";
import { datasets, datasetVersions } from "@/db/schema/data";
import { stepAttempts } from "@/db/schema/pipelines";
import { environments, policyVersions, promotions } from "@/db/schema/promotions";
import { modelVersions } from "@/db/schema/registry";
import { runIdOf } from "@/domain/experiments/identifiers";
import { createStepExperimentRun } from "../experiments/step-experiment-run";
import { type MadeRun, pipelineRun, runTokenOf } from "../experiments/testing/pipeline-run";
import { protocol, tokenOf } from "../experiments/testing/protocol";
import { newId } from "../ids";
import { getLineage } from "../lineage/queries";
import { test, World } from "../testing/world";
import { registerFromPipeline } from "./register-from-pipeline";
import { setDeployedAlias } from "./set-deployed-alias";

type Client = ReturnType<typeof protocol>;

const mlmodel = (columns: readonly string[]) => {
  const inputs = JSON.stringify(columns.map((name) => ({ type: "double", name })));
  return `flavors:
  onnx:
    data: model.onnx
signature:
  inputs: '${inputs}'
`;
};

/** Logs a model to a run as the client does: create, files, finalize. Returns the logged model's id. */
async function logModel(
  client: Client,
  runId: string,
  experimentId: string,
  file: { onnx: BodyInit; columns: string[] } = { onnx: "no onnx", columns: ["a", "b"] },
): Promise<string> {
  const { body } = await client.post("/mlflow/logged-models", {
    experiment_id: experimentId,
    name: "model",
    source_run_id: runId,
  });
  const { model_id, artifact_uri } = (body.model as { info: { model_id: string; artifact_uri: string } }).info;
  const base = `/api/2.0/mlflow-artifacts/artifacts/${artifact_uri.replace("mlflow-artifacts:/", "")}`;
  await client.raw("PUT", `${base}/MLmodel`, mlmodel(file.columns));
  await client.raw("PUT", `${base}/model.onnx`, file.onnx);
  await client.send("PATCH", `/mlflow/logged-models/${model_id}`, { status: "LOGGED_MODEL_READY" });
  return model_id;
}

async function outside(world: World) {
  const member = await world.member("R3");
  const client = protocol(world.ctx, await tokenOf(world, member));
  const { body } = await client.post("/mlflow/runs/create", {
    experiment_id: "0",
    tags: [{ key: "mlflow.source.git.commit", value: "0123456789abcdef" }],
  });
  const runId = (body.run as { info: { run_id: string } }).info.run_id;
  return { member, client, runId, modelId: await logModel(client, runId, "0") };
}

async function step(world: World, startedBy: string, kind: "production" | "development" = "production") {
  const made = await pipelineRun(world, startedBy, kind);
  const experimentRunId = await createStepExperimentRun(world.ctx, {
    projectId: world.project.id,
    experiment: "wet-day",
    pipelineRunId: made.runId,
    stepAttemptId: made.attemptId,
    name: "train #1",
  });
  const client = protocol(world.ctx, await runTokenOf(world, { ...made, experimentRunId }));
  const { body } = await client.get("/mlflow/runs/get", { run_id: runIdOf(experimentRunId) });
  const experimentId = (body.run as { info: { experiment_id: string } }).info.experiment_id;
  return { made, experimentRunId, client, modelId: await logModel(client, runIdOf(experimentRunId), experimentId) };
}

test("two registrations at once become versions 1 and 2; the file is known by its digest", async ({ world }) => {
  const { client, modelId, member, runId } = await outside(world);
  await client.post("/mlflow/registered-models/create", { name: "rain" });
  const register = () =>
    client.post("/mlflow/model-versions/create", { name: "rain", source: `models:/${modelId}`, model_id: modelId });
  const answers = await Promise.all([register(), register()]);
  expect(answers.map((answer) => (answer.body.model_version as { version: string }).version).sort()).toEqual([
    "1",
    "2",
  ]);
  expect(answers[0]?.body.model_version).toMatchObject({
    name: "rain",
    status: "READY",
    current_stage: "None",
    run_id: runId,
    model_id: modelId,
  });
  const [row] = await world.db.select().from(modelVersions).where(eq(modelVersions.projectId, world.project.id));
  expect(row).toMatchObject({
    origin: "outside",
    registeredBy: member.id,
    commit: "0123456789abcdef",
    signature: null,
  });
  expect(row?.files.map((file) => file.path).sort()).toEqual(["MLmodel", "model.onnx"]);
  expect(row?.onnxSha256).toBe(row?.files.find((file) => file.path === "model.onnx")?.sha256);
  expect(row?.tags["countersign.contract_problem"]).toBeTruthy();
  const graph = await getLineage(world.ctx, await member.scope("lineage.read"), {
    kind: "model_version",
    reference: row?.id ?? "",
    direction: "upstream",
    depth: 5,
  });
  expect(graph.nodes.map((node) => node.kind).sort()).toEqual(["commit", "experiment_run", "model_version"]);
  expect((await client.post("/mlflow/model-versions/create", { name: "rain", source: "/etc/passwd" })).status).toBe(
    400,
  );
  expect(
    (await client.post("/mlflow/model-versions/create", { name: "none", source: `models:/${modelId}` })).status,
  ).toBe(404);
});

test("a pipeline run registers once, however often its step runs, with what it was made from", async ({ world }) => {
  const scientist = await world.member("R3");
  const { made, experimentRunId } = await step(world, scientist.id);
  const datasetVersionId = await datasetVersionFor(world, scientist.id, made);
  const input = { projectId: world.project.id, pipelineRunId: made.runId, experimentRunId, model: "rain" };
  const results = await Promise.all([registerFromPipeline(world.ctx, input), registerFromPipeline(world.ctx, input)]);
  const again = await registerFromPipeline(world.ctx, input);
  expect(new Set([...results, again].map((result) => result.versionId)).size).toBe(1);
  expect(again).toMatchObject({ name: "rain", version: 1 });
  const [row] = await world.db.select().from(modelVersions).where(eq(modelVersions.projectId, world.project.id));
  expect(row).toMatchObject({
    origin: "production",
    pipelineRunId: made.runId,
    experimentRunId,
    commit: "5be02f1c",
    registeredBy: scientist.id,
  });
  const audit = await world.db
    .select()
    .from(auditEvents)
    .where(and(eq(auditEvents.projectId, world.project.id), eq(auditEvents.action, "registry.registered")));
  expect(audit.map((event) => event.summary)).toEqual(["registered rain v1"]);
  const graph = await getLineage(world.ctx, await scientist.scope("lineage.read"), {
    kind: "model_version",
    reference: again.versionId,
    direction: "upstream",
    depth: 5,
  });
  expect(graph.nodes.filter((node) => node.kind === "dataset_version").map((node) => node.reference)).toEqual([
    datasetVersionId,
  ]);
  const detail = await scientist.api.registry.version({ projectId: world.project.id, name: "rain", version: 1 });
  expect(detail).toMatchObject({
    proposalRefusal: null,
    run: { experiment: "wet-day" },
    pipeline: { startedBy: scientist.name },
    data: [{ dataset: "rain-days", version: 1 }],
  });
  await expect(registerFromPipeline(world.ctx, { ...input, artifact: "other" })).rejects.toMatchObject({
    reason: "no_model",
  });
});

async function datasetVersionFor(world: World, createdBy: string, made: MadeRun): Promise<string> {
  const [datasetId, id] = [newId(), newId()];
  const { project } = world;
  await world.db.insert(datasets).values({ id: datasetId, projectId: project.id, name: "rain-days", createdBy });
  await world.db.insert(datasetVersions).values({
    id,
    projectId: project.id,
    datasetId,
    version: 1,
    digest: "d",
    sourceSha256: "s",
    parquetSha256: "p",
    sourceName: "rain.csv",
    importOptions: "{}",
    rows: 1,
    bytes: 1,
    schema: [],
    profile: [],
    createdBy,
  });
  const rows = { type: "table" as const, sha256: "p", bytes: 1, rows: 1, datasetVersionId: id };
  await world.db.update(stepAttempts).set({ inputs: { rows } }).where(eq(stepAttempts.id, made.attemptId));
  return id;
}

test("a step's token registers from its own run alone, and its version counts as the pipeline's", async ({ world }) => {
  const { modelId: foreign } = await outside(world);
  const scientist = await world.member("R3");
  const { client, modelId, made, experimentRunId } = await step(world, scientist.id, "development");
  expect((await client.post("/mlflow/registered-models/create", { name: "rain" })).status).toBe(200);
  const register = (id: string) =>
    client.post("/mlflow/model-versions/create", { name: "rain", source: `models:/${id}` });
  expect(await register(foreign)).toMatchObject({ status: 403, body: { error_code: "PERMISSION_DENIED" } });
  expect((await register(modelId)).status).toBe(200);
  expect((await register(modelId)).body.model_version).toMatchObject({ version: "1" });
  for (const [method, act, body] of [
    ["POST", "registered-models/alias", { alias: "a", version: "1" }],
    ["POST", "model-versions/set-tag", { version: "1", key: "a" }],
    ["DELETE", "model-versions/delete", { version: "1" }],
    ["POST", "registered-models/rename", { new_name: "x" }],
  ] as const) {
    expect((await client.send(method, `/mlflow/${act}`, { name: "rain", ...body })).status, act).toBe(403);
  }
  // The registration, three changes, and the deletion, for which it lacks the permission.
  const isRefusal = and(eq(auditEvents.projectId, world.project.id), like(auditEvents.action, "%\\_refused"));
  expect(await world.db.$count(auditEvents, isRefusal)).toBe(5);
  expect(
    (
      await registerFromPipeline(world.ctx, {
        projectId: world.project.id,
        pipelineRunId: made.runId,
        experimentRunId,
        model: "rain",
      })
    ).version,
  ).toBe(1);
  const detail = await scientist.api.registry.version({ projectId: world.project.id, name: "rain", version: 1 });
  expect(detail.proposalRefusal).toContain("development pipeline");
});

test("the protocol cannot move what follows a deployment: it names the promotion, and the attempt is in the audit trail", async ({
  world,
}) => {
  const { client, modelId } = await outside(world);
  await client.post("/mlflow/registered-models/create", { name: "rain" });
  await client.post("/mlflow/model-versions/create", { name: "rain", source: `models:/${modelId}` });
  const alias = { name: "rain", alias: "Production" };
  const answers = [
    await client.post("/mlflow/registered-models/alias", { ...alias, version: "1" }),
    await client.send("DELETE", "/mlflow/registered-models/alias", alias),
    await client.post("/mlflow/model-versions/transition-stage", {
      name: "rain",
      version: "1",
      stage: "staging",
      archive_existing_versions: false,
    }),
  ];
  expect(answers.map((answer) => answer.status)).toEqual([403, 403, 403]);
  const [version] = await world.db.select().from(modelVersions).where(eq(modelVersions.projectId, world.project.id));
  const form = `${world.ctx.config.url}/p/${world.project.slug}/promotions/new`;
  expect(answers[0]?.body.message).toBe(
    `The alias production follows what is deployed. Open a promotion: ${form}?version=${version?.id}&environment=production`,
  );
  expect(answers[2]?.body.message).toContain(`${form}?version=${version?.id}&environment=staging`);
  const refused = await world.db.$count(
    auditEvents,
    and(eq(auditEvents.projectId, world.project.id), eq(auditEvents.action, "registry.alias_refused")),
  );
  expect(refused).toBe(3);
  expect((await client.get("/mlflow/registered-models/alias", alias)).body.error_code).toBe("INVALID_PARAMETER_VALUE");

  const deployed = { modelId: version?.modelId ?? "", alias: "production" as const };
  await world.db.transaction((tx) => setDeployedAlias(tx, { ...deployed, modelVersionId: version?.id ?? null }));
  expect(
    (await client.get("/mlflow/registered-models/alias", { name: "rain", alias: "production" })).body.model_version,
  ).toMatchObject({ version: "1", current_stage: "Production", aliases: ["production"] });
  expect(
    (await client.post("/mlflow/registered-models/get-latest-versions", { name: "rain", stages: ["Production"] })).body
      .model_versions,
  ).toHaveLength(1);
  await world.db.transaction((tx) => setDeployedAlias(tx, { ...deployed, modelVersionId: null }));
  expect(
    (await client.post("/mlflow/registered-models/alias", { name: "rain", alias: "champion", version: "1" })).status,
  ).toBe(200);
  expect((await client.get("/mlflow/registered-models/get", { name: "rain" })).body.registered_model).toMatchObject({
    aliases: [{ alias: "champion", version: "1" }],
  });
});

test("a version that was proposed stays, and its number is never given again", async ({ world }) => {
  const { client, modelId, member, runId } = await outside(world);
  const lead = protocol(world.ctx, await tokenOf(world, await world.member("R7")));
  await client.post("/mlflow/registered-models/create", { name: "rain" });
  const register = () => client.post("/mlflow/model-versions/create", { name: "rain", source: `models:/${modelId}` });
  await register();
  await register();
  expect((await client.send("DELETE", "/mlflow/model-versions/delete", { name: "rain", version: "2" })).status).toBe(
    403,
  );
  expect((await lead.send("DELETE", "/mlflow/model-versions/delete", { name: "rain", version: "2" })).status).toBe(200);
  expect((await client.get("/mlflow/model-versions/get", { name: "rain", version: "2" })).status).toBe(404);
  expect((await register()).body.model_version).toMatchObject({ version: "3" });
  await propose(world, member.id);
  for (const [path, body] of [
    ["model-versions/delete", { version: "1" }],
    ["registered-models/delete", {}],
  ] as const) {
    expect(await lead.send("DELETE", `/mlflow/${path}`, { name: "rain", ...body }), path).toMatchObject({
      status: 403,
      body: { message: expect.stringContaining("has a promotion") },
    });
  }
  expect(
    (await client.post("/mlflow/registered-models/rename", { name: "rain", new_name: "snow" })).body.message,
  ).toContain("callers use the name rain");
  expect((await client.post("/mlflow/runs/delete", { run_id: runId })).body.message).toContain(
    "rain v1 depends on this run",
  );
});

/** An open promotion of version 1, as the record has it. */
async function propose(world: World, proposedBy: string): Promise<void> {
  const projectId = world.project.id;
  const [version] = await world.db
    .select()
    .from(modelVersions)
    .where(and(eq(modelVersions.projectId, projectId), eq(modelVersions.version, 1)));
  const [environment] = await world.db.select().from(environments).where(eq(environments.projectId, projectId));
  if (!version || !environment) throw new Error("There is no version to propose.");
  const rules = {
    holdoutDatasetVersionId: newId(),
    target: "wet",
    metric: "accuracy",
    mlProblemVersion: 1,
    acceptanceThreshold: 0.6,
    isComparedWithCurrent: true,
    isValidationRequired: true,
  };
  const policyVersionId = newId();
  await world.db.insert(policyVersions).values({
    id: policyVersionId,
    projectId,
    environmentId: environment.id,
    version: 1,
    rules,
    requiredRoles: ["R7"],
    digest: "d",
    createdBy: proposedBy,
  });
  await world.db.insert(promotions).values({
    id: newId(),
    projectId,
    number: 1,
    modelId: version.modelId,
    modelVersionId: version.id,
    environmentId: environment.id,
    policyVersionId,
    proposedBy,
    deadlineAt: new Date(Date.now() + 60_000),
  });
}

test("another project's token finds neither model nor version", async ({ world, service }) => {
  const { client, modelId } = await outside(world);
  await client.post("/mlflow/registered-models/create", { name: "rain" });
  await client.post("/mlflow/model-versions/create", { name: "rain", source: `models:/${modelId}` });
  const elsewhere = await World.create(service);
  const stranger = protocol(service, await tokenOf(elsewhere, await elsewhere.member("R3", "R7")));
  const at = { name: "rain", version: "1" };
  const answers = [
    await stranger.get("/mlflow/registered-models/get", at),
    await stranger.get("/mlflow/model-versions/get", at),
    await stranger.get("/mlflow/model-versions/get-download-uri", at),
    await stranger.post("/mlflow/registered-models/alias", { ...at, alias: "champion" }),
    await stranger.post("/mlflow/registered-models/alias", { ...at, alias: "production" }),
    await stranger.send("PATCH", "/mlflow/model-versions/update", { ...at, description: "mine" }),
    await stranger.send("DELETE", "/mlflow/model-versions/delete", at),
    await stranger.send("DELETE", "/mlflow/registered-models/delete", at),
    await stranger.get(`/mlflow/logged-models/${modelId}`),
    await stranger.send("PATCH", `/mlflow/logged-models/${modelId}`, { status: "LOGGED_MODEL_READY" }),
  ];
  expect(answers.map((answer) => [answer.status, answer.body.error_code])).toEqual(
    answers.map(() => [404, "RESOURCE_DOES_NOT_EXIST"]),
  );
  await stranger.post("/mlflow/registered-models/create", { name: "mine" });
  expect(
    (await stranger.post("/mlflow/model-versions/create", { name: "mine", source: `models:/${modelId}` })).status,
  ).toBe(404);
  expect((await stranger.get("/mlflow/model-versions/search", {})).body).toEqual({});
});

test("an ONNX file is registered with its contract; one that its signature contradicts is kept with the reason", async ({
  world,
}) => {
  const { client, runId } = await outside(world);
  const onnx = await readFile("server/testing/fixtures/rain.onnx");
  await client.post("/mlflow/registered-models/create", { name: "rain" });
  for (const columns of [
    ["a", "b", "c", "d", "e"],
    ["a", "b"],
  ]) {
    const modelId = await logModel(client, runId, "0", { onnx, columns });
    await client.post("/mlflow/model-versions/create", { name: "rain", source: `models:/${modelId}` });
  }
  const rows = await world.db
    .select()
    .from(modelVersions)
    .where(eq(modelVersions.projectId, world.project.id))
    .orderBy(modelVersions.version);
  expect(rows[0]?.signature?.columns.map((column) => column.name)).toEqual(["a", "b", "c", "d", "e"]);
  expect(rows[0]?.signature?.inputs).toMatchObject([{ datatype: "FP32" }]);
  expect(rows[0]?.tags).toEqual({});
  expect(rows[1]).toMatchObject({
    signature: null,
    tags: { "countersign.contract_problem": expect.stringContaining("2 columns") },
  });
});
