import { and, eq } from "drizzle-orm";
import { expect } from "vitest";
import { outbox } from "@/db/schema/outbox";
import { reviews, slices } from "@/db/schema/reviews";
import { reviewEvidenceWorkflowId } from "@/domain/reviews/workflow";
import { activated, inStaging, proposed, signed, version } from "../testing/promotions";
import { frozen, loggedRun, openedReview, pageOf, reviewScene } from "../testing/reviews";
import { test } from "../testing/world";

test("another version in production is what open reviews are compared with; what replaced it stays beside what it replaced", async ({
  world,
}) => {
  const scene = await reviewScene(world);
  const { scientist, mlEngineer, stakeholder } = scene.people;
  const third = await version(world, {
    scientist,
    training: scene.training.id,
    modelId: scene.version.modelId,
    number: 3,
  });
  const ofSecond = await openedReview(world, scene);
  const ofThird = await openedReview(world, scene, third.id);
  const baseOf = async (number: number) => (await pageOf(scientist, scene, number)).evidence.record.base?.label;
  expect(await baseOf(ofThird.number)).toBe("seattle-rain v1");

  await scene.policy("production", { isComparedWithCurrent: false });
  await inStaging(world, scene, scene.second.id);
  const promotion = await proposed(world, scene, { environment: "production", modelVersionId: scene.second.id });
  await signed(mlEngineer, scene, { number: promotion.number, asRole: "R7" });
  await signed(stakeholder, scene, { number: promotion.number, asRole: "R1" });
  await activated(world, promotion.id);
  const asked = await world.db.select().from(outbox);
  expect(asked.some(({ message }) => message.workflowId === reviewEvidenceWorkflowId(ofThird.id))).toBe(true);
  await Promise.all([frozen(world, ofSecond.id), frozen(world, ofThird.id)]);
  expect(await baseOf(ofThird.number)).toBe("seattle-rain v2");
  expect(await baseOf(ofSecond.number)).toBe("seattle-rain v1");
});

test("before there is a policy or a version in production, a run can be reviewed by itself", async ({ world }) => {
  const projectId = world.project.id;
  const scientist = await world.member("R3");
  const reader = await world.member("R4");
  const runId = await loggedRun(world, scientist, "first-wren");
  const subject = { kind: "experiment_run" as const, experimentRunId: runId };
  const { id, number } = await reader.api.reviews.open({ projectId, subject, title: "Is this worth a version?" });
  await frozen(world, id);
  const { evidence, ...page } = await pageOf(reader, { projectId }, number);
  expect(page).toMatchObject({ title: "Is this worth a version?", standing: "waiting", requiredRoles: [], base: null });
  expect(evidence.record).toMatchObject({
    candidate: { label: "first-wren", modelVersionId: null },
    base: null,
    evaluation: null,
    slices: [],
  });
  await expect(
    reader.api.reviews.createSlice({ projectId, name: "Windy", expression: "wind > 5" }),
  ).rejects.toMatchObject({ code: "PRECONDITION_FAILED", cause: { reason: "no_evaluation_dataset" } });
  expect(await world.db.$count(slices, eq(slices.projectId, projectId))).toBe(0);
  const missing = { kind: "experiment_run" as const, experimentRunId: scientist.id };
  await expect(reader.api.reviews.open({ projectId, subject: missing })).rejects.toMatchObject({ code: "NOT_FOUND" });
  expect(await world.db.$count(reviews, and(eq(reviews.projectId, projectId), eq(reviews.state, "open")))).toBe(1);
});
