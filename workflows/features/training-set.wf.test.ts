import { desc, eq, inArray } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { afterAll, expect } from "vitest";
import { trainingSets } from "@/db/schema/features";
import { impactReports, lineageEdges, lineageNodes } from "@/db/schema/lineage";
import { modelVersions } from "@/db/schema/registry";
import { withDuckDb } from "@/server/data/duckdb";
import { trainingSetOfVersion } from "@/server/features/training-set-of-version";
import { featureScene, imported, signedByBoth } from "@/server/testing/features";
import { registerFixture } from "@/server/testing/models";
import { test as base, type Member, type World } from "@/server/testing/world";
import { pipelineActivities } from "../pipelines/activities";
import { pushFiles, runWhenOver, startTestHost, stepOf, type TestHost } from "../testing/host";
import { featureActivities } from "./activities";

let host: TestHost | undefined;
const test = base.extend<{ readonly host: TestHost }>({
  host: async ({ service }, use) => {
    host ??= await startTestHost(service, (services) => ({
      ...pipelineActivities(services),
      ...featureActivities(services),
    }));
    await use(host);
  },
});
afterAll(() => host?.stop());

const definition = (kind: string, view = "sensor_day@latest") => `name: train-${kind}
kind: ${kind}
parameters:
  first: { type: date, default: "2024-01-01" }
steps:
  ask:
    sql: select * from (values ('a', timestamp '2024-01-02 09:00', 1.0), ('a', timestamp '2023-12-31', 2.0), ('b', timestamp '2024-01-02', 3.0), ('a', timestamp '2024-01-09', 4.0), ('c', timestamp '2024-01-02', 5.0), ('a', timestamp '2024-01-01', 6.0)) as asked(sensor, day, came)
    outputs: { rows: table }
  features:
    uses: features
    with: { view: "${view}", label: came > 2, from: "\${{ parameters.first }}" }
    inputs: { rows: ask.rows }
    outputs: { training_set: table, manifest: report }
    retries: { attempts: 3, delay: 1ms }
  use:
    sql: select count(*) as n from training_set
    inputs: { training_set: features.training_set }
    outputs: { counts: table }
`;

async function started(world: World, member: Member, text: string) {
  const { pipelineId } = await pushFiles(world, await world.member("R7"), { "pipeline.yaml": text });
  const { runId } = await member.api.pipelines.start({ projectId: world.project.id, pipelineId, parameters: {} });
  return runWhenOver(world, member, runId);
}

const rowsOf = async (world: World, sha256: string) => {
  const file = await world.ctx.blobs.localPath(sha256);
  return withDuckDb({ files: [file] }, (session) => session.rows(`SELECT * FROM read_parquet('${file}')`));
};

const setOf = async (world: World, runId: string) => {
  const sets = await world.db.select().from(trainingSets).where(eq(trainingSets.runId, runId));
  expect(sets).toHaveLength(1);
  return sets[0];
};

test("every row that was asked for, in its order, with what was known then; the manifest says from what", async ({
  world,
  host: _,
}) => {
  const scene = await featureScene(world);
  const { scientist } = scene.people;
  const run = await started(world, scientist, definition("development"));
  expect(run.state).toBe("succeeded");
  const set = await setOf(world, run.id);
  expect(await rowsOf(world, set?.parquetSha256 ?? "")).toEqual([
    { sensor: "a", day: "2024-01-02T09:00:00.000Z", label: false, came: 1, value: 2, doubled: 4 },
    { sensor: "b", day: "2024-01-02", label: true, came: 3, value: null, doubled: null },
    { sensor: "a", day: "2024-01-09", label: true, came: 4, value: null, doubled: null },
    { sensor: "c", day: "2024-01-02", label: true, came: 5, value: null, doubled: null },
    { sensor: "a", day: "2024-01-01", label: true, came: 6, value: 1, doubled: 2 },
  ]);
  expect(set).toMatchObject({
    rows: 5,
    unmatchedRows: 2,
    entityColumns: ["sensor"],
    eventTimeColumn: "day",
    featureColumns: ["value", "doubled"],
    labelColumn: "label",
    datasetVersionId: scene.data.id,
    manifest: {
      view: { name: "sensor_day", version: 1, isSigned: false },
      dataset: { name: "readings", version: 1 },
      from: "2024-01-01",
      to: null,
      rows: 5,
      unmatchedRows: 2,
    },
  });
  const [from, to] = [alias(lineageNodes, "f"), alias(lineageNodes, "t")];
  const edges = await world.db
    .select({ from: from.kind, kind: lineageEdges.kind, to: to.kind })
    .from(lineageEdges)
    .innerJoin(from, eq(from.id, lineageEdges.fromId))
    .innerJoin(to, eq(to.id, lineageEdges.toId))
    .where(inArray(to.kind, ["feature_view", "training_set", "pipeline_run"]));
  const known = edges.map((edge) => `${edge.from} ${edge.kind} ${edge.to}`);
  for (const edge of [
    "dataset_version derived_from feature_view",
    "dataset_version derived_from training_set",
    "feature_view derived_from training_set",
    "training_set input_of pipeline_run",
  ])
    expect(known).toContain(edge);

  const made = await registerFixture(world, {});
  expect(await trainingSetOfVersion(world.db, scene.projectId, made.id)).toBeNull();
  await world.db.update(modelVersions).set({ pipelineRunId: run.id }).where(eq(modelVersions.id, made.id));
  expect(await trainingSetOfVersion(world.db, scene.projectId, made.id)).toEqual(set);
  const page = await scientist.api.features.byName({ projectId: scene.projectId, name: "sensor_day" });
  expect(page.uses).toMatchObject({
    trainingSets: { total: { sets: 1, rows: 5 } },
    models: [{ version: 1, viewVersion: 1 }],
    pipelines: [{ pipeline: "train-development", kind: "development", asks: "latest" }],
  });
});

test("a production pipeline reads a view only with both signatures; without, its step fails once and says so", async ({
  world,
  host: _,
}) => {
  const scene = await featureScene(world);
  const { scientist, engineer } = scene.people;
  const unsigned = await started(world, engineer, definition("production"));
  expect(unsigned.state).toBe("failed");
  const step = stepOf(unsigned, "features");
  expect(step.attempts).toHaveLength(1);
  expect(step.reason).toBe(
    "No version of sensor_day is signed yet: a production pipeline reads a view only with the signatures of a data scientist and a data engineer.",
  );
  expect(await world.db.$count(trainingSets, eq(trainingSets.projectId, scene.projectId))).toBe(0);
  await signedByBoth(scene);
  const signed = await started(world, engineer, definition("production"));
  expect(signed.state).toBe("succeeded");
  expect((await setOf(world, signed.id))?.manifest.view).toMatchObject({ version: 1, isSigned: true });

  await scientist.api.features.change({
    projectId: scene.projectId,
    viewId: scene.view.viewId,
    basedOn: 1,
    entityColumns: ["sensor"],
    eventTimeColumn: "day",
    columns: [{ name: "value", expression: "value + 1" }],
  });
  const [report] = await world.db
    .select()
    .from(impactReports)
    .where(eq(impactReports.projectId, scene.projectId))
    .orderBy(desc(impactReports.createdAt))
    .limit(1);
  expect(report?.change).toBe("sensor_day v1 to v2");
  expect(report?.touched.map((node) => node.kind)).toEqual(expect.arrayContaining(["training_set", "pipeline_run"]));
  const again = await started(world, engineer, definition("production"));
  expect((await setOf(world, again.id))?.manifest.view.version).toBe(1);
  const named = await started(world, engineer, definition("production", "sensor_day@2"));
  expect(stepOf(named, "features").reason).toMatch(/^sensor_day v2 is not signed/);
  const development = await started(world, engineer, definition("development"));
  expect((await setOf(world, development.id))?.manifest.view.version).toBe(2);
});

test("rows that cannot match are refused with the reason: a column of another type, a view that is not there", async ({
  world,
  host: _,
}) => {
  const scene = await featureScene(world, "sensor,day,value\n1,2024-01-01,5\n2,2024-01-01,6\n");
  const { scientist, engineer } = scene.people;
  const typed = await started(world, scientist, definition("development"));
  expect(stepOf(typed, "features").reason).toBe(
    "sensor is text in the rows and integer in the dataset: they would never be equal.",
  );
  const unknown = await started(world, scientist, definition("development", "weather@1"));
  expect(stepOf(unknown, "features").reason).toBe("There is no feature view weather.");
  await imported(world, engineer, "sensor,day,value\n1,2024-01-01,many\n");
  const text = definition("development").replaceAll("'a'", "1").replaceAll("'b'", "2").replaceAll("'c'", "3");
  expect(stepOf(await started(world, scientist, text), "features").reason).toMatch("could not be computed");
});
