import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { eq, sql } from "drizzle-orm";
import { connect } from "@/db/client";
import { migrateDatabase } from "@/db/migrate";
import { modelVersions } from "@/db/schema/registry";
import { parseConfig } from "../config/config";
import { openContext } from "../context";
import { newId } from "../ids";
import { receiveLabels } from "../monitoring/receive-labels";
import { runCheck } from "../monitoring/run-check";
import { servedScene, watched } from "./monitoring";
import { World } from "./project-world";
import { trainedOn } from "./trained";

export const CHECKED_ROWS = 100_000;
export const CHECKED_INPUTS = 20;
const LABELS_A_REQUEST = 10_000;
const REQUESTS = 5;
const CHECKS = 3;
const TRAINING_ROWS = 100_000;

export type MonitoringTimes = {
  /** Seconds of a whole check, the median of three: drift of every input, missing values, service, coverage and quality with its interval. */
  readonly checkSeconds: number;
  readonly driftsMeasured: number;
  readonly labelsPerSecond: number;
};

/** Times a check and the intake of labels on a database of their own, on the server of the running product. */
export async function timeMonitoring(env: NodeJS.ProcessEnv): Promise<MonitoringTimes> {
  const config = parseConfig(env);
  const name = `countersign_bench_${process.pid}`;
  const url = new URL(config.databaseUrl);
  url.pathname = `/${name}`;
  const admin = connect(config.databaseUrl, { max: 1, name: "countersign-bench" });
  const dataDir = await mkdtemp(path.join(os.tmpdir(), "countersign-bench-"));
  await admin.sql.unsafe(`create database ${name}`);
  const databaseUrl = url.toString();
  try {
    await migrateDatabase(databaseUrl, path.resolve("db/migrations"));
    const ctx = openContext({ ...config, databaseUrl, dataDir }, "bench");
    try {
      return await measure(await World.create(ctx));
    } finally {
      await ctx.close();
    }
  } finally {
    await admin.sql.unsafe(`drop database ${name} with (force)`);
    await admin.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

const inputs = Array.from({ length: CHECKED_INPUTS }, (_, index) => `input_${index + 1}`);

/** A quarter of answers with labels, from a version that was trained on as many rows. */
async function filled(world: World) {
  const scene = await servedScene(world);
  const { model, deploymentId, people } = scene;
  const columns = inputs.map((name) => `random() * 100 AS ${name}`).join(", ");
  const day = `DATE '2012-01-01' + CAST(range % 366 AS INTEGER) AS event_day`;
  await trainedOn(world, {
    modelVersionId: model.id,
    people,
    data: {
      query: `SELECT 'a' AS sensor, ${day}, ${columns} FROM range(${TRAINING_ROWS})`,
      rows: TRAINING_ROWS,
      columns: inputs,
    },
  });
  const [version] = await world.db.select().from(modelVersions).where(eq(modelVersions.id, model.id));
  const signature = version?.signature;
  if (!signature) throw new Error("The version has no signature.");
  await world.db
    .update(modelVersions)
    .set({ signature: { ...signature, columns: inputs.map((name) => ({ name, type: "double" as const })) } })
    .where(eq(modelVersions.id, model.id));
  const values = sql.raw(inputs.map((name) => `'${name}', round((random() * 100)::numeric, 3)`).join(", "));
  await world.db.execute(sql`
    insert into predictions (request_id, "row", project_id, model_id, model_version_id, deployment_id, environment,
                             event_time, received_at, inputs, outputs, latency_micros)
    select gen_random_uuid(), 0, ${world.project.id}, ${model.modelId}, ${model.id}, ${deploymentId}, 'production',
           timestamptz '2013-10-01T00:00:00Z' + at * interval '79 seconds', now(), jsonb_build_object(${values}),
           '{"label": 1, "probabilities": [0.2, 0.8]}', 2000 + at % 5000
    from generate_series(1, ${CHECKED_ROWS}) as at`);
  await world.db.execute(sql`
    insert into labels (project_id, request_id, "row", value, event_time, first_value, first_event_time, received_at, changed_at)
    select project_id, request_id, "row", to_jsonb((random() < 0.7)::int), event_time + interval '3 days', '1',
           event_time, now(), now() from predictions`);
  await world.db.execute(sql`vacuum analyze predictions`);
  await world.db.execute(sql`vacuum analyze labels`);
  return scene;
}

async function measure(world: World): Promise<MonitoringTimes> {
  const scene = await filled(world);
  const { people } = scene;
  const projectId = world.project.id;
  const times: number[] = [];
  let driftsMeasured = 0;
  for (let turn = 0; turn < CHECKS; turn += 1) {
    // A window is judged once for a model, whichever monitor looks: the turn before is forgotten.
    await world.db.execute(sql`delete from monitor_checks where project_id = ${projectId}`);
    const made = await watched(world, scene);
    const begun = performance.now();
    const outcome = await runCheck(world.ctx, { monitorId: made.id });
    times.push((performance.now() - begun) / 1_000);
    if (outcome?.judged.length !== 2) throw new Error(`The check judged nothing: ${outcome?.outcome}`);
    const page = await people.mlEngineer.api.monitoring.get({ projectId, number: made.number });
    const details = page.checks.map((check) => check.details).find((each) => each.kind === "inputs");
    driftsMeasured = details?.features.filter((feature) => feature.drift !== null).length ?? 0;
    await people.mlEngineer.api.monitoring.change({ projectId, monitorId: made.id, act: "delete" });
  }
  const [checkSeconds = Number.NaN] = times.sort((a, b) => a - b).slice(Math.floor(CHECKS / 2));
  return { checkSeconds, driftsMeasured, labelsPerSecond: await intake(world, people.scientist) };
}

/** New labels, in the greatest requests that the route takes, one after another. */
async function intake(
  world: World,
  sender: Awaited<ReturnType<typeof servedScene>>["people"]["scientist"],
): Promise<number> {
  const scope = await sender.scope("serving.label");
  const begun = performance.now();
  for (let request = 0; request < REQUESTS; request += 1) {
    const labels = Array.from({ length: LABELS_A_REQUEST }, (_, index) => ({
      requestId: newId(),
      row: 0,
      value: index % 2,
      eventTimeMs: Date.UTC(2013, 0, 1),
    }));
    const { accepted } = await receiveLabels(world.ctx, scope, labels);
    if (accepted !== LABELS_A_REQUEST) throw new Error("Labels were lost.");
  }
  return (REQUESTS * LABELS_A_REQUEST) / ((performance.now() - begun) / 1_000);
}
