import { eq } from "drizzle-orm";
import { expect } from "vitest";
import { modelVersions } from "@/db/schema/registry";
import { authorize } from "../authz/authorize";
import { newId } from "../ids";
import { recordLineage } from "../lineage/record-lineage";
import { inputsOf } from "../promotions/gate-input";
import { proposePromotion } from "../promotions/propose-promotion";
import { firingAlert, pushDefinition, watchedModel } from "../testing/feedback";
import { promotionScene, proposed, type Scene, signed } from "../testing/promotions";
import { frozen, verdictOf } from "../testing/reviews";
import { test, type World } from "../testing/world";
import { routeAlert } from "./route-alert";

/** The scene's version as the product of a retraining that a policy started at once; nobody registered it. */
async function retrained(world: World, scene: Scene) {
  const { mlEngineer } = scene.people;
  const model = await watchedModel(world, mlEngineer);
  const { pipelineId } = await pushDefinition(world, await world.member("R6"));
  const { projectId } = scene;
  await mlEngineer.api.feedback.saveRetrainingPolicy({
    projectId,
    modelId: model.modelId,
    pipelineId,
    mode: "at_once",
    baseVersion: 0,
  });
  const routed = await routeAlert(world.ctx, await firingAlert(world, model));
  await world.db
    .update(modelVersions)
    .set({ pipelineRunId: routed.runId, registeredBy: null })
    .where(eq(modelVersions.id, scene.version.id));
  const accept = (person: { api: Scene["people"]["scientist"]["api"] }) =>
    person.api.feedback.answer({ projectId, itemId: routed.itemId, answer: "accept" });
  return { ...routed, accept, number: await numberOf(scene) };
}

async function numberOf(scene: Scene) {
  const { items } = await scene.people.scientist.api.feedback.list({ projectId: scene.projectId });
  return items[0]?.number ?? 0;
}

test("who accepted the finding may not approve what came of it, and the item's page shows the promotion", async ({
  world,
}) => {
  const scene = await promotionScene(world);
  const both = await world.member("R3", "R7");
  const { accept, number } = await retrained(world, scene);
  await accept(both);
  const promotion = await proposed(world, scene);
  await expect(signed(both, scene, { number: promotion.number, asRole: "R7" })).rejects.toThrow(
    "accepted the finding that led to it",
  );
  const page = await both.api.feedback.get({ projectId: scene.projectId, number });
  expect(page.retraining?.versions).toMatchObject([
    { model: "seattle-rain", version: 1, promotions: [{ number: promotion.number, environment: "staging" }] },
  ]);
  await signed(scene.people.mlEngineer, scene, { number: promotion.number, asRole: "R7" });
});

test("who accepts while the promotion is open is barred from then on", async ({ world }) => {
  const scene = await promotionScene(world);
  const both = await world.member("R3", "R7");
  const { accept } = await retrained(world, scene);
  const promotion = await proposed(world, scene);
  await accept(both);
  await expect(signed(both, scene, { number: promotion.number, asRole: "R7" })).rejects.toThrow(
    "accepted the finding that led to it",
  );
});

test("who signed the promotion does not accept its finding afterwards", async ({ world }) => {
  const scene = await promotionScene(world);
  const both = await world.member("R3", "R7");
  const { accept, number } = await retrained(world, scene);
  const promotion = await proposed(world, scene);
  await signed(both, scene, { number: promotion.number, asRole: "R7" });
  await expect(accept(both)).rejects.toThrow(`You signed promotion #${promotion.number}`);
  expect((await both.api.feedback.get({ projectId: scene.projectId, number })).state).toBe("open");
  await accept(scene.people.scientist);
});

test("who approved the review does not accept its finding afterwards", async ({ world }) => {
  const scene = await promotionScene(world);
  const both = await world.member("R3", "R7");
  const { accept, number } = await retrained(world, scene);
  const opened = await scene.people.scientist.api.reviews.open({
    projectId: scene.projectId,
    subject: { kind: "model_version", modelVersionId: scene.version.id },
  });
  await frozen(world, opened.id);
  await verdictOf(both, scene, { number: opened.number, asRole: "R7" });
  await expect(accept(both)).rejects.toThrow(`You approved R-${opened.number}`);
  expect((await both.api.feedback.get({ projectId: scene.projectId, number })).state).toBe("open");
  await accept(scene.people.scientist);
});

test("a run of nobody: a person proposes its version, a service account does not", async ({ world }) => {
  const scene = await promotionScene(world);
  await retrained(world, scene);
  const { scientist } = scene.people;
  const token = { tokenId: newId(), projectId: null, scopes: ["read", "write"] as const };
  const { userId, organisationId } = { userId: scientist.id, organisationId: world.organisationId };
  const actor = { kind: "service" as const, userId, organisationId, name: "CI", token };
  const scope = await authorize(world.ctx, actor, "promotions.propose", scene.projectId);
  const input = { modelVersionId: scene.version.id, environment: "staging" as const, comment: "" };
  await expect(proposePromotion(world.ctx, scope, input)).rejects.toThrow("so a person proposes it");
  await proposed(world, scene);
});

test("what led to a run is not its data: the hold-out that judged the earlier version stays outside", async ({
  world,
}) => {
  const scene = await promotionScene(world);
  const { triggerId, runId } = await retrained(world, scene);
  const holdout = { kind: "dataset_version", reference: scene.holdout.id, label: "holdout v1" } as const;
  const run = { kind: "pipeline_run", reference: runId ?? "", label: "retrain" } as const;
  const version = { kind: "model_version", reference: scene.version.id, label: "seattle-rain v1" } as const;
  const trigger = { kind: "retraining_trigger", reference: triggerId, label: "Retraining" } as const;
  await recordLineage(world.db, scene.projectId, [
    { from: run, to: version, kind: "produced" },
    { from: holdout, to: trigger, kind: "derived_from" },
  ]);
  const inputs = await inputsOf(world.db, scene.projectId, scene.version.id);
  expect(inputs.map((input) => input.name)).toEqual(["weather v1"]);
});

test("a request about a column stands below its dataset version in the lineage", async ({ world }) => {
  const scene = await promotionScene(world);
  const { scientist } = scene.people;
  const about = { projectId: scene.projectId, kind: "F1", title: "Wind in knots" } as const;
  const origin = { kind: "dataset_column", datasetVersionId: scene.training.id } as const;
  await expect(scientist.api.feedback.create({ ...about, origin: { ...origin, column: "knots" } })).rejects.toThrow(
    "has no column knots",
  );
  const { id, number } = await scientist.api.feedback.create({ ...about, origin: { ...origin, column: "wind" } });
  expect((await scientist.api.feedback.get({ projectId: scene.projectId, number })).origin).toMatchObject({
    kind: "dataset_column",
    dataset: "weather",
    column: "wind",
  });
  const { nodes } = await scientist.api.lineage.get({
    projectId: scene.projectId,
    kind: "dataset_version",
    reference: scene.training.id,
    direction: "downstream",
  });
  expect(nodes.find((node) => node.kind === "feedback_item")).toMatchObject({
    reference: id,
    target: { screen: "feedbackItem", number },
  });
});
