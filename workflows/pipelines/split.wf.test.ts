import { eq } from "drizzle-orm";
import { afterAll, expect } from "vitest";
import { splitManifests } from "@/db/schema/lineage";
import { featureScene, imported, READINGS, signedByBoth } from "@/server/testing/features";
import { test as base, type World } from "@/server/testing/world";
import { pushFiles, runWhenOver, startTestHost, type TestHost } from "../testing/host";
import { pipelineActivities } from "./activities";

let host: TestHost | undefined;
const test = base.extend<{ readonly host: TestHost }>({
  host: async ({ service }, use) => {
    host ??= await startTestHost(service, (services) => pipelineActivities(services));
    await use(host);
  },
});
afterAll(() => host?.stop());

const DEFINITION = `name: train
kind: production
steps:
  ingest:
    uses: ingest
    with: { dataset: readings@latest }
    outputs: { rows: table }
  features:
    uses: features
    with: { view: sensor_day@latest, label: value > 2 }
    inputs: { rows: ingest.rows }
    outputs: { training_set: table, manifest: report }
`;

async function splitAfterRun(world: World, heldOut: string) {
  const scene = await featureScene(world);
  await signedByBoth(scene);
  const { engineer, mlEngineer } = scene.people;
  await engineer.api.data.create({ projectId: scene.projectId, name: "held-out", isHoldout: true });
  await imported(world, engineer, heldOut, "held-out");
  const { pipelineId } = await pushFiles(world, mlEngineer, { "pipeline.yaml": DEFINITION });
  const { runId } = await mlEngineer.api.pipelines.start({ projectId: scene.projectId, pipelineId, parameters: {} });
  expect(await runWhenOver(world, mlEngineer, runId)).toMatchObject({ state: "succeeded" });
  return world.db.select().from(splitManifests).where(eq(splitManifests.runId, runId));
}

test("a run that writes a training set keeps how it was split from the hold-out", async ({ world, host: _ }) => {
  const [split, ...others] = await splitAfterRun(world, "sensor,day,value\nc,2024-01-01,7\n");
  expect(others).toEqual([]);
  expect(split).toMatchObject({ trainingRows: 4, holdoutRows: 1, sharedRows: 0 });
  const manifest = JSON.parse(split?.text ?? "{}") as { holdout: unknown; training: { read: unknown } };
  expect(manifest.holdout).toMatchObject([{ dataset: "held-out", version: 1, rows: 1 }]);
  expect(manifest.training.read).toMatchObject([{ dataset: "readings", version: 1, rows: 4 }]);
});

test("rows on both sides are counted as a leak", async ({ world, host: _ }) => {
  const [split] = await splitAfterRun(world, READINGS);
  expect(split).toMatchObject({ holdoutRows: 4, sharedRows: 4 });
});
