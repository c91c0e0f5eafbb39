import { eq, sql } from "drizzle-orm";
import { expect } from "vitest";
import { deployments } from "@/db/schema/deployments";
import { predictions } from "@/db/schema/serving";
import { buildTrainingSet } from "../../features/build-training-set";
import { routeAlert } from "../../feedback/route-alert";
import { newId } from "../../ids";
import { recordLineage } from "../../lineage/record-lineage";
import { recordSplitManifests } from "../../lineage/record-split-manifest";
import { receiveLabels } from "../../monitoring/receive-labels";
import { featureScene, imported, signedByBoth, VIEW } from "../../testing/features";
import { firingAlert, watchedModel } from "../../testing/feedback";
import { COMMIT, finishedRun, registeredBy } from "../../testing/process-map";
import { acceptances, activated, proposed, signed } from "../../testing/promotions";
import { openedReview, pageOf, reviewScene, verdictOf } from "../../testing/reviews";
import { type Member, test, type World } from "../../testing/world";

/** Each test reads the whole map many times. */
const SLOW_MS = 60_000;

async function statesOf(member: Member, projectId: string) {
  const { items } = await member.api.projects.processMap({ projectId });
  return new Map<string, string>(items.map((item) => [item.id, item.state]));
}

/** What a deletion takes from the map: the items that were done before it and are not after. */
async function losses(member: Member, world: World) {
  let before = await statesOf(member, world.project.id);
  return async (statement: ReturnType<typeof sql>): Promise<string[]> => {
    // The product never removes evidence: its triggers and keys are off for this one statement.
    await world.db.transaction(async (tx) => {
      await tx.execute(sql`set local session_replication_role = replica`);
      await tx.execute(statement);
    });
    const after = await statesOf(member, world.project.id);
    const lost = [...before].filter(([id, state]) => state === "done" && after.get(id) !== "done").map(([id]) => id);
    before = after;
    return lost;
  };
}

const project = (world: World) => sql`project_id = ${world.project.id}`;

test(
  "a run with its training set, split and version leaves its artefacts, and each goes with its record",
  async ({ world }) => {
    const scene = await featureScene(world);
    const { scientist, engineer, mlEngineer } = scene.people;
    const unsigned = await statesOf(scientist, scene.projectId);
    expect([unsigned.get("B-03"), unsigned.get("B-05")]).toEqual(["begun", "begun"]);
    await signedByBoth(scene);
    const run = await finishedRun(world, mlEngineer);
    const { parquetSha256 } = (await world.db.query.datasetVersions.findFirst({
      where: (table, { eq: is }) => is(table.id, scene.data.id),
    })) ?? { parquetSha256: "" };
    await buildTrainingSet(world.ctx, {
      run: { id: run.runId, projectId: scene.projectId, label: "retrain #1", pins: {} },
      stepKey: "features",
      pipeline: "production",
      view: `${VIEW.name}@latest`,
      dataset: null,
      rows: { sha256: parquetSha256, datasetVersionId: scene.data.id },
      label: null,
      from: null,
      to: null,
      timeoutMs: 20_000,
      signal: new AbortController().signal,
    });
    // Without a hold-out nothing was split, and nothing is written.
    await recordSplitManifests(world.ctx, { id: run.runId, projectId: scene.projectId });
    expect((await statesOf(scientist, scene.projectId)).get("C-04")).toBe("not_yet");
    await engineer.api.data.create({ projectId: scene.projectId, name: "held-out", isHoldout: true });
    await imported(world, engineer, "sensor,day,value\nc,2024-01-01,7\n", "held-out");
    await recordSplitManifests(world.ctx, { id: run.runId, projectId: scene.projectId });
    await recordSplitManifests(world.ctx, { id: run.runId, projectId: scene.projectId });
    const [split] = await scientist.api.lineage.splits({ projectId: scene.projectId, runId: run.runId });
    expect(split).toMatchObject({ trainingRows: 4, sharedRows: 0, manifest: { holdout: [{ dataset: "held-out" }] } });
    const report = await scientist.api.lineage.changeReport({
      projectId: scene.projectId,
      kind: "feature_view",
      reference: scene.view.id,
    });
    expect(report).toMatchObject({ change: "sensor_day v1, the first", by: scientist.name, groups: [] });
    const dataset = await engineer.api.data.byName({ projectId: scene.projectId, name: "readings" });
    await engineer.api.data.saveChecks({
      projectId: scene.projectId,
      datasetId: dataset.id,
      checks: [{ kind: "not_null", column: "sensor" }],
    });
    await engineer.api.data.validate({ projectId: scene.projectId, datasetVersionId: scene.data.id });
    await world.db.execute(sql`update validation_reports set run_id = ${run.runId} where ${project(world)}`);
    const version = await registeredBy(world, run);
    await recordLineage(world.db, scene.projectId, [
      {
        from: { kind: "commit", reference: COMMIT, label: "0123456" },
        to: { kind: "pipeline_run", reference: run.runId, label: "retrain #1" },
        kind: "input_of",
      },
      {
        from: { kind: "experiment_run", reference: run.experimentRunId, label: "train" },
        to: { kind: "model_version", reference: version.id, label: "seattle-rain v1" },
        kind: "produced",
      },
    ]);

    const states = await statesOf(scientist, scene.projectId);
    const done = "B-03 B-08 B-11 B-13 C-03 C-04 C-06 C-10 C-11 D-02 D-03 D-04 D-05 D-07 D-08 D-09".split(" ");
    expect(done.filter((id) => states.get(id) !== "done")).toEqual([]);
    expect(states.get("C-12")).toBe("begun");

    const { view } = scene;
    await engineer.api.features.change({
      projectId: scene.projectId,
      viewId: view.viewId,
      basedOn: 1,
      ...structuredClone(VIEW),
      timeToLiveSeconds: 86_400,
    });
    expect((await statesOf(scientist, scene.projectId)).get("B-05")).toBe("done");

    const lost = await losses(scientist, world);
    expect(await lost(sql`delete from impact_reports where ${project(world)}`)).toEqual(["B-05"]);
    expect(await lost(sql`update split_manifests set shared_rows = 1 where ${project(world)}`)).toEqual([
      "C-04",
      "D-04",
    ]);
    expect(await lost(sql`delete from split_manifests where ${project(world)}`)).toEqual([]);
    expect(await lost(sql`update source_bundles set is_dirty = true where ${project(world)}`)).toEqual(["C-11"]);
    expect(await lost(sql`update step_attempts set log_sha256 = null where ${project(world)}`)).toEqual(["D-02"]);
    expect(await lost(sql`delete from run_params where run_id = ${run.experimentRunId}`)).toEqual(["D-08"]);
    expect(await lost(sql`delete from logged_models where ${project(world)}`)).toEqual(["C-06", "D-05"]);
    expect(await lost(sql`delete from lineage_edges where ${project(world)}`)).toEqual(["D-09"]);
    expect(await lost(sql`update model_versions set files = '[]' where ${project(world)}`)).toEqual(["C-10"]);
    expect(await lost(sql`update approvals set state = 'open', closed_at = null where ${project(world)}`)).toEqual([
      "B-03",
      "D-03",
    ]);
    expect(await lost(sql`delete from training_sets where ${project(world)}`)).toEqual(["B-13", "C-03"]);
    expect(await lost(sql`update model_versions set deleted_at = now() where ${project(world)}`)).toEqual(["D-07"]);
  },
  SLOW_MS,
);

test(
  "what production shows and what people answer counts, and what is only open does not",
  async ({ world }) => {
    const [scientist, engineer, mlEngineer] = [
      await world.member("R3"),
      await world.member("R4"),
      await world.member("R7"),
    ];
    const projectId = world.project.id;
    const model = await watchedModel(world, mlEngineer);
    const run = await finishedRun(world, mlEngineer);
    await mlEngineer.api.feedback.saveRetrainingPolicy({
      projectId,
      modelId: model.modelId,
      pipelineId: run.pipelineId,
      mode: "at_once",
      baseVersion: 0,
    });
    const requestId = newId();
    const at = new Date("2013-10-02T00:00:00Z");
    await world.db.insert(predictions).values({
      requestId,
      row: 0,
      projectId,
      modelId: model.modelId,
      modelVersionId: model.modelVersionId,
      deploymentId: newId(),
      environment: "production",
      eventTime: at,
      receivedAt: at,
      inputs: {},
      outputs: {},
      latencyMicros: 900,
    });
    expect((await statesOf(scientist, projectId)).get("D-18")).toBe("not_yet");
    await receiveLabels(world.ctx, await mlEngineer.scope("serving.label"), [
      { requestId, row: 0, value: 1, eventTimeMs: at.getTime() },
    ]);
    const routed = await routeAlert(world.ctx, await firingAlert(world, model));
    const request = await scientist.api.feedback.create({ projectId, kind: "F1", title: "Add the humidity" });

    const open = await statesOf(scientist, projectId);
    for (const id of ["D-15", "D-18", "D-21", "D-24"]) expect([id, open.get(id)]).toEqual([id, "done"]);
    expect([open.get("D-22"), open.get("D-23"), open.get("D-25"), open.get("D-19")]).toEqual([
      "begun",
      "not_yet",
      "not_yet",
      "not_yet",
    ]);
    const map = await scientist.api.projects.processMap({ projectId });
    expect(map.steps.find((step) => step.id === "D26")?.firing).toBe(1);
    expect(map.arrows.filter((arrow) => arrow.open > 0).map((arrow) => arrow.kind)).toEqual(["F1", "F3"]);
    expect(map.items.find((item) => item.id === "C-02")).toMatchObject({
      state: "begun",
      artefactFound: { id: request.id },
    });
    await engineer.api.feedback.answer({ projectId, answer: "accept", itemId: request.id });

    await scientist.api.feedback.answer({ projectId, answer: "accept", itemId: routed.itemId });
    await world.db.execute(sql`
    update model_versions set pipeline_run_id = ${routed.runId} where id = ${model.modelVersionId}`);
    await world.db.execute(sql`
    insert into monitor_checks select gen_random_uuid(), project_id, monitor_id, threshold_version_id, 'inputs',
      window_start, window_end, as_of, model_version_id, rows, labelled, coverage, value, lower, upper, "limit",
      'pass', '{"kind":"inputs","latencyMs":{"p50":1,"p95":2,"p99":3}}', checked_at from monitor_checks
    where ${project(world)}`);
    const answered = await statesOf(engineer, projectId);
    for (const id of ["C-02", "D-19", "D-22", "D-25"]) expect([id, answered.get(id)]).toEqual([id, "done"]);
    expect(answered.get("D-20")).toBe("begun");

    const lost = await losses(scientist, world);
    expect(await lost(sql`delete from labels where ${project(world)}`)).toEqual(["D-18"]);
    expect(await lost(sql`delete from predictions where ${project(world)}`)).toEqual(["D-15"]);
    expect(await lost(sql`update model_versions set pipeline_run_id = null where ${project(world)}`)).toContain("D-25");
    expect(await lost(sql`delete from monitor_checks where kind = 'inputs' and ${project(world)}`)).toEqual(["D-19"]);
    expect(await lost(sql`update approvals set state = 'open', closed_at = null where ${project(world)}`)).toEqual([
      "D-21",
    ]);
    expect(await lost(sql`update feedback_items set kind = 'F2' where kind = 'F1' and ${project(world)}`)).toEqual([
      "C-02",
    ]);
  },
  SLOW_MS,
);

test(
  "a thread and the choice between two versions are done when people have made them",
  async ({ world }) => {
    const scene = await reviewScene(world);
    const { scientist, dataEngineer, softwareEngineer, mlEngineer, stakeholder } = scene.people;
    const { projectId } = scene;
    const review = await openedReview(world, scene);
    expect((await statesOf(scientist, projectId)).get("X-01")).toBe("not_yet");
    const { evidence } = await pageOf(scientist, scene, review.number);
    await dataEngineer.api.reviews.openThread({
      projectId,
      reviewId: review.id,
      anchor: { kind: "whole" },
      evidenceDigest: evidence.digest,
      body: "Why so few rows?",
    });
    const talked = await statesOf(scientist, projectId);
    expect([talked.get("X-01"), talked.get("C-07"), talked.get("D-26")]).toEqual(["done", "not_yet", "not_yet"]);

    const [thread] = await world.db.query.reviewThreads.findMany({
      where: (table, { eq: is }) => is(table.projectId, projectId),
    });
    await dataEngineer.api.reviews.resolveThread({ projectId, threadId: thread?.id ?? "" });
    await verdictOf(dataEngineer, scene, { number: review.number, asRole: "R4" });
    await verdictOf(softwareEngineer, scene, { number: review.number, asRole: "R5" });
    for (const environment of ["staging", "production"] as const) {
      const promotion = await proposed(world, scene, { environment, modelVersionId: scene.second.id });
      const about = { number: promotion.number, ...(await acceptances(world, scene, promotion.number)) };
      await signed(mlEngineer, scene, { ...about, asRole: "R7" });
      if (environment === "production") await signed(stakeholder, scene, { number: promotion.number, asRole: "R1" });
      await activated(world, promotion.id);
      // As the workflow closes it.
      await world.db.execute(
        sql`update promotions set state = 'deployed', closed_at = now() where id = ${promotion.id}`,
      );
    }
    const decided = await statesOf(scientist, projectId);
    expect([decided.get("C-07"), decided.get("D-26")]).toEqual(["begun", "done"]);
    const served = await world.db.select().from(deployments).where(eq(deployments.projectId, projectId));
    expect(served.length).toBeGreaterThan(2);
    const lost = await losses(scientist, world);
    expect(await lost(sql`update promotions set baseline_version_id = null where ${project(world)}`)).toEqual(["D-26"]);
    expect(await lost(sql`delete from review_comments where ${project(world)}`)).toEqual(["X-01"]);
  },
  SLOW_MS,
);
