import { readFile } from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";
import { eq } from "drizzle-orm";
import { expect } from "vitest";
import { datasetVersions } from "@/db/schema/data";
import { lineageEdges } from "@/db/schema/lineage";
import { modelEvaluations, modelVersions } from "@/db/schema/registry";
import { importOptionsSchema } from "@/domain/data/contracts";
import { importDatasetVersion } from "../data/import-dataset-version";
import { fixturePath, registerFixture } from "../testing/models";
import { test, type World } from "../testing/world";
import { evaluateModel } from "./evaluate-model";
import { readEvaluatedRows } from "./evaluated-rows";
import { runEvaluation } from "./run-evaluation";

type Golden = {
  readonly labels: number[];
  readonly predictions: number[];
  readonly probabilities: number[];
  readonly metrics: Record<string, number>;
  readonly majorityShare: number;
};

async function holdout(world: World, derived: Record<string, string> = seasons) {
  const engineer = await world.member("R4");
  await engineer.api.data.create({ projectId: world.project.id, name: "holdout", isHoldout: true });
  return importDatasetVersion(world.ctx, await engineer.scope("data.import"), {
    dataset: "holdout",
    sourceName: "seattle-weather.csv",
    options: importOptionsSchema.parse({
      derived,
      filter: "year(date) = 2012 AND ((dayofyear(date) - 1) // 7) % 4 = 0",
    }),
    allowMissingColumns: false,
    source: Readable.from([await readFile("examples/seattle-rain/data/seattle-weather.csv")]),
  });
}

const seasons = {
  season_sin: "sin(2 * pi() * dayofyear(date) / 365.25)",
  season_cos: "cos(2 * pi() * dayofyear(date) / 365.25)",
};
const golden = JSON.parse(await readFile(fixturePath("golden-metrics.json"), "utf8")) as {
  readonly rain: Golden;
  readonly temperature: Golden;
};

function expectMetrics(found: Readonly<Record<string, number>>, wanted: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(wanted)) expect(found[name], name).toBeCloseTo(value, 6);
}

test("the registered file on the hold-out gives the figures that scikit-learn gives", async ({ world }) => {
  const [data, model] = [await holdout(world), await registerFixture(world, {})];
  const request = {
    projectId: world.project.id,
    modelVersionId: model.id,
    datasetVersionId: data.id,
    target: "precipitation > 0",
  };
  const record = await evaluateModel(world.ctx, request);
  expect(record.result).toMatchObject({ rows: 93 });
  expectMetrics(record.result.metrics, golden.rain.metrics);
  expect(record.result.majorityShare).toBeCloseTo(golden.rain.majorityShare, 12);
  const rows = await readEvaluatedRows(world.ctx, record.predictionsSha256);
  expect(rows.map((row) => row.label)).toEqual(golden.rain.labels);
  expect(rows.map((row) => row.prediction)).toEqual(golden.rain.predictions);
  expect(new Set(rows.map((row) => row.rowHash)).size).toBe(93);
  expect(record.result.smoke).toHaveLength(20);
  expect(record.result.smoke[0]?.inputs).toMatchObject({ temp_max: 12.8, temp_min: 5, wind: 4.7 });
  expect(record.result.smoke[0]?.outputs.probabilities).toHaveLength(2);

  const again = await evaluateModel(world.ctx, request);
  expect(again).toEqual({ ...record, isNew: false });
  expect(await world.db.$count(modelEvaluations, eq(modelEvaluations.projectId, world.project.id))).toBe(1);
  const edges = await world.db
    .select({ kind: lineageEdges.kind })
    .from(lineageEdges)
    .where(eq(lineageEdges.projectId, world.project.id));
  expect(edges.map((edge) => edge.kind).sort()).toEqual(["evaluated_by", "input_of", "produced"]);
});

test("a regression with one tensor per column is measured too", async ({ world }) => {
  const [data, model] = [await holdout(world), await registerFixture(world, { file: "temperature.onnx", columns: [] })];
  const record = await evaluateModel(world.ctx, {
    projectId: world.project.id,
    modelVersionId: model.id,
    datasetVersionId: data.id,
    target: "temp_max",
  });
  expectMetrics(record.result.metrics, golden.temperature.metrics);
  expect(record.result.majorityShare).toBeNull();
});

test("two evaluations of one pair at once make one record", async ({ world }) => {
  const [data, model] = [await holdout(world), await registerFixture(world, {})];
  const evaluate = () =>
    evaluateModel(world.ctx, {
      projectId: world.project.id,
      modelVersionId: model.id,
      datasetVersionId: data.id,
      target: "precipitation > 0",
    });
  const [first, second] = await Promise.all([evaluate(), evaluate()]);
  expect(first.id).toBe(second.id);
});

test("what does not fit is refused with its reason, and nothing is recorded", async ({ world }) => {
  const [data, model] = [await holdout(world, {}), await registerFixture(world, {})];
  const request = {
    projectId: world.project.id,
    modelVersionId: model.id,
    datasetVersionId: data.id,
    target: "precipitation > 0",
  };
  await expect(evaluateModel(world.ctx, request)).rejects.toMatchObject({
    reason: "missing_column",
    message: expect.stringContaining("season_sin, season_cos"),
  });
  const linear = await registerFixture(world, { file: "temperature.onnx", columns: [], name: "temperature" });
  const about = { ...request, modelVersionId: linear.id };
  await expect(evaluateModel(world.ctx, { ...about, target: "weather" })).rejects.toMatchObject({ reason: "target" });
  await expect(evaluateModel(world.ctx, { ...about, target: "pressure > 0" })).rejects.toMatchObject({
    reason: "expression",
  });
  await expect(evaluateModel(world.ctx, { ...about, target: "nullif(precipitation, 0)" })).rejects.toMatchObject({
    reason: "missing_label",
  });
  await world.db.update(modelVersions).set({ onnxSha256: null }).where(eq(modelVersions.id, linear.id));
  await expect(evaluateModel(world.ctx, { ...about, target: "temp_max" })).rejects.toMatchObject({
    code: "precondition_failed",
    reason: "no_onnx",
  });
  await expect(evaluateModel(world.ctx, { ...request, projectId: world.organisationId })).rejects.toMatchObject({
    code: "not_found",
  });
  expect(await world.db.$count(modelEvaluations, eq(modelEvaluations.projectId, world.project.id))).toBe(0);
});

test("more rows than the worker can hold are refused before any is read", async ({ world }) => {
  const [data, model] = [await holdout(world), await registerFixture(world, {})];
  const [version] = await world.db.select().from(datasetVersions).where(eq(datasetVersions.id, data.id));
  if (!version) throw new Error("The dataset version is missing.");
  const parquet = await world.ctx.blobs.localPath(version.parquetSha256);
  const job = {
    onnx: fixturePath("rain.onnx"),
    parquet,
    signature: model.signature,
    schema: version.schema,
    target: "precipitation > 0",
    lines: path.join(world.ctx.config.dataDir, "lines.jsonl"),
  };
  await expect(runEvaluation({ ...job, limits: { rows: 92 } })).rejects.toMatchObject({
    code: "precondition_failed",
    reason: "too_many_rows",
    message:
      "The dataset version has 93 rows; a model is evaluated on at most 92. Use a version with fewer rows, such as a sample.",
  });
  expect(await runEvaluation({ ...job, limits: { rows: 93 } })).toMatchObject({ rows: 93 });
});
