import { Readable } from "node:stream";
import { eq } from "drizzle-orm";
import { afterAll, expect } from "vitest";
import { validationReports } from "@/db/schema/data";
import { lineageEdges, lineageNodes } from "@/db/schema/lineage";
import { importOptionsSchema } from "@/domain/data/contracts";
import { importDatasetVersion } from "@/server/data/import-dataset-version";
import { readLog } from "@/server/pipelines/read-log";
import { test as base, type World } from "@/server/testing/world";
import { pushFiles, runWhenOver, startTestHost, stepOf, type TestHost } from "../testing/host";
import { pipelineActivities } from "./activities";

let host: TestHost | undefined;
const test = base.extend<{ readonly host: TestHost }>({
  host: async ({ service }, use) => {
    host ??= await startTestHost(service, pipelineActivities);
    await use(host);
  },
});
afterAll(() => host?.stop());

const CSV = "day,rain\n2012-01-01,0.5\n2012-01-02,0\n2012-01-03,2.5\n";

async function importRows(world: World, csv: string, dataset = "rain") {
  const engineer = await world.member("R4");
  await engineer.api.data.create({
    projectId: world.project.id,
    name: dataset,
    ...(dataset === "holdout" && { isHoldout: true }),
  });
  const version = await importDatasetVersion(world.ctx, await engineer.scope("data.import"), {
    dataset,
    sourceName: "rain.csv",
    options: importOptionsSchema.parse({}),
    allowMissingColumns: false,
    source: Readable.from([Buffer.from(csv)]),
  });
  return { engineer, version };
}

const DEFINITION = `name: rainy
kind: development
parameters:
  version: { type: string, default: latest }
  limit: { type: number, default: 0 }
steps:
  ingest: { uses: ingest, with: { dataset: "rain@\${{ parameters.version }}" }, outputs: { rows: table } }
  validate: { uses: validate, inputs: { data: ingest.rows }, outputs: { report: report } }
  wet:
    sql: select * from days where rain > getvariable('limit') order by day -- the wet ones
    inputs: { days: ingest.rows }
    needs: [validate]
    outputs: { wet: table }
  count:
    sql: select count(*) as n, sum(rain) as total from wet;
    inputs: { wet: wet.wet }
    outputs: { counts: table }
`;

test("ingest, validate and SQL: tables go from step to step, with parameters as variables and lineage to the data", async ({
  world,
  host: _,
}) => {
  const { engineer, version } = await importRows(world, CSV);
  await engineer.api.data.saveChecks({
    projectId: world.project.id,
    datasetId: version.datasetId,
    checks: [{ kind: "not_null", column: "rain" }],
  });
  const pusher = await world.member("R7");
  const { pipelineId } = await pushFiles(world, pusher, { "pipeline.yaml": DEFINITION }, "1234567abcdef");
  const { runId } = await engineer.api.pipelines.start({
    projectId: world.project.id,
    pipelineId,
    parameters: { limit: 0.1 },
  });

  const run = await runWhenOver(world, engineer, runId);

  expect(run.steps.map((step) => [step.key, step.state, step.summary])).toEqual([
    ["ingest", "succeeded", "3 rows"],
    ["validate", "succeeded", "1 of 1 check"],
    ["wet", "succeeded", "2 rows"],
    ["count", "succeeded", "1 row"],
  ]);
  const attemptId = stepOf(run, "count").attempts[0]?.id ?? "";
  const preview = await engineer.api.pipelines.artifact({
    projectId: world.project.id,
    attemptId,
    side: "outputs",
    name: "counts",
  });
  expect(preview).toMatchObject({ kind: "table", rows: [[2, 3]] });
  const [report] = await world.db.select().from(validationReports).where(eq(validationReports.runId, runId));
  expect(report).toMatchObject({ hasPassed: true, datasetVersionId: version.id });
  expect(Object.values(run.datasets)).toMatchObject([{ dataset: "rain", version: 1, datasetVersionId: version.id }]);
  const edges = await world.db
    .select({ kind: lineageEdges.kind, to: lineageNodes.kind })
    .from(lineageEdges)
    .innerJoin(lineageNodes, eq(lineageNodes.id, lineageEdges.toId))
    .where(eq(lineageEdges.runId, runId));
  expect(edges.map((edge) => `${edge.kind} ${edge.to}`).sort()).toEqual(
    [
      "input_of pipeline_run",
      "input_of pipeline_run",
      "produced artifact",
      "produced artifact",
      "produced artifact",
      "validated_by validation_report",
    ].sort(),
  );
});

test("a failed check fails the step, once, with what broke it", async ({ world, host: _ }) => {
  const { engineer, version } = await importRows(world, CSV);
  await engineer.api.data.saveChecks({
    projectId: world.project.id,
    datasetId: version.datasetId,
    checks: [{ kind: "range", column: "rain", min: 0, max: 1 }],
  });
  const pusher = await world.member("R7");
  const { pipelineId } = await pushFiles(world, pusher, {
    "pipeline.yaml": DEFINITION.replace("outputs: { report: report } }", "retries: { attempts: 3 } }"),
  });
  const { runId } = await engineer.api.pipelines.start({ projectId: world.project.id, pipelineId });
  const run = await runWhenOver(world, engineer, runId);
  expect(run.state).toBe("failed");
  expect(stepOf(run, "validate")).toMatchObject({ state: "failed", summary: "0 of 1 check" });
  expect(stepOf(run, "validate").attempts).toHaveLength(1);
  expect(stepOf(run, "count").state).toBe("skipped");
});

test("SQL that reaches outside of its inputs fails with a reason", async ({ world, host: _ }) => {
  const pusher = await world.member("R7");
  const steps = [
    "select * from read_text('/etc/passwd')",
    "select * from read_csv('https://example.test/x.csv')",
    "select * from nowhere",
  ];
  const definition = `name: reach\nkind: development\nsteps:\n${steps.map((sql, index) => `  s${index}: { sql: ${JSON.stringify(sql)}, outputs: { out: table } }`).join("\n")}\n`;
  const { pipelineId } = await pushFiles(world, pusher, { "pipeline.yaml": definition });
  const { runId } = await pusher.api.pipelines.start({ projectId: world.project.id, pipelineId });
  const run = await runWhenOver(world, pusher, runId);
  expect(run.steps.map((step) => step.state)).toEqual(["failed", "failed", "failed"]);
  for (const step of run.steps) expect(step.reason).toMatch(/^The query failed: .+/);
  const log = await readLog(world.ctx, await pusher.scope("pipelines.read"), {
    attemptId: run.steps[2]?.attempts[0]?.id ?? "",
  });
  expect(log.text).toContain("nowhere");
});

test("a hold-out is refused before a run exists", async ({ world, host: _ }) => {
  const { engineer } = await importRows(world, CSV, "holdout");
  const pusher = await world.member("R7");
  const definition =
    "name: peek\nkind: development\nsteps:\n  a: { shell: 'true', inputs: { secret: { dataset: holdout@latest } } }\n";
  const { pipelineId } = await pushFiles(world, pusher, { "pipeline.yaml": definition });
  await expect(engineer.api.pipelines.start({ projectId: world.project.id, pipelineId })).rejects.toMatchObject({
    code: "PRECONDITION_FAILED",
  });
  expect((await engineer.api.pipelines.runs({ projectId: world.project.id, pipelineId })).runs).toEqual([]);
});
