import { and, eq, isNull } from "drizzle-orm";
import { expect } from "vitest";
import { approvalSignOffs } from "@/db/schema/approvals";
import { outbox } from "@/db/schema/outbox";
import { policyVersions } from "@/db/schema/promotions";
import { promotionWorkflowId } from "@/domain/promotions/workflow";
import { requestEvidenceOfVersion } from "../reviews/request-evidence";
import { inStaging, proposed, signed, stateOf } from "../testing/promotions";
import { frozen, openedReview, pageOf, type ReviewScene, reviewScene, verdictOf } from "../testing/reviews";
import { test, type World } from "../testing/world";
import { beginDeployment } from "./begin-deployment";
import { computeEvidence } from "./compute-evidence";

/** v2 in staging and proposed for production, where the policy asks for a review. */
async function proposedForProduction(world: World, scene: ReviewScene) {
  await inStaging(world, scene, scene.second.id);
  return proposed(world, scene, { environment: "production", modelVersionId: scene.second.id });
}

const reviewRule = async (scene: ReviewScene, number: number) => {
  const page = await scene.people.scientist.api.promotions.get({ projectId: scene.projectId, number });
  return page.evidence?.record.results.find(({ rule }) => rule === "review");
};

/** What the waiting workflow does next, without anybody's click. */
async function evaluatedAgain(world: World, promotionId: string): Promise<void> {
  expect(await stateOf(world, promotionId)).toMatchObject({ state: "evaluating" });
  await computeEvidence(world.ctx, promotionId);
  expect(await stateOf(world, promotionId)).toMatchObject({ state: "waiting" });
}

test("requested changes and open threads block a promotion with their reason, until they are gone", async ({
  world,
}) => {
  const scene = await reviewScene(world);
  const { projectId } = scene;
  const { dataEngineer, softwareEngineer, mlEngineer, stakeholder } = scene.people;
  const promotion = await proposedForProduction(world, scene);
  expect(await reviewRule(scene, promotion.number)).toMatchObject({
    verdict: "not_yet",
    sentence: "No review is open for this version.",
  });
  const sign = () => signed(mlEngineer, scene, { number: promotion.number, asRole: "R7" });
  await expect(sign()).rejects.toMatchObject({ code: "PRECONDITION_FAILED", cause: { reason: "blocked_by_rules" } });

  const { id, number } = await openedReview(world, scene);
  await evaluatedAgain(world, promotion.id);
  expect((await reviewRule(scene, promotion.number))?.sentence).toBe(
    "The data engineer and software engineer have not given a verdict.",
  );
  await verdictOf(softwareEngineer, scene, { number, asRole: "R5" });
  await evaluatedAgain(world, promotion.id);
  const { evidence } = await pageOf(dataEngineer, scene, number);
  const { threadId } = await dataEngineer.api.reviews.openThread({
    projectId,
    reviewId: id,
    anchor: { kind: "slice", key: "all" },
    evidenceDigest: evidence.digest,
    body: "One more missed storm.",
  });
  await verdictOf(dataEngineer, scene, {
    number,
    asRole: "R4",
    decision: "changes_requested",
    comment: "Is this noise?",
  });
  await evaluatedAgain(world, promotion.id);
  expect(await reviewRule(scene, promotion.number)).toMatchObject({
    verdict: "not_yet",
    sentence: `${dataEngineer.name} asks for changes. 1 thread is not resolved.`,
  });
  await expect(sign()).rejects.toMatchObject({ cause: { reason: "blocked_by_rules" } });
  expect((await pageOf(dataEngineer, scene, number)).promotions).toMatchObject([
    { number: promotion.number, environment: "production", outcome: { isApproved: false } },
  ]);

  await dataEngineer.api.reviews.resolveThread({ projectId, threadId });
  await verdictOf(dataEngineer, scene, { number, asRole: "R4" });
  await evaluatedAgain(world, promotion.id);
  expect(await reviewRule(scene, promotion.number)).toMatchObject({ verdict: "pass" });
  await sign();
  await signed(stakeholder, scene, { number: promotion.number, asRole: "R1" });
  expect(await beginDeployment(world.ctx, promotion.id)).not.toBeNull();
});

/** A promotion that waits for signatures, with its review approved. */
async function approvedReview(world: World, scene: ReviewScene) {
  const { dataEngineer, softwareEngineer } = scene.people;
  const review = await openedReview(world, scene);
  await verdictOf(dataEngineer, scene, { number: review.number, asRole: "R4" });
  await verdictOf(softwareEngineer, scene, { number: review.number, asRole: "R5" });
  return { review, promotion: await proposedForProduction(world, scene) };
}

const standingSignatures = (world: World, scene: ReviewScene) =>
  world.db.$count(
    approvalSignOffs,
    and(
      eq(approvalSignOffs.projectId, scene.projectId),
      eq(approvalSignOffs.policyVersion, "production v2"),
      isNull(approvalSignOffs.outdatedAt),
    ),
  );

test("signatures stay through what leaves the outcome as it is, and are outdated when it changed", async ({
  world,
}) => {
  const scene = await reviewScene(world);
  const { projectId } = scene;
  const { mlEngineer, dataEngineer, stakeholder, scientist } = scene.people;
  const { review, promotion } = await approvedReview(world, scene);
  await signed(mlEngineer, scene, { number: promotion.number, asRole: "R7" });
  const { evidence, ...page } = await pageOf(mlEngineer, scene, review.number);

  // Another approval, and a thread that is opened and resolved before anything is computed, change nothing.
  await verdictOf(stakeholder, scene, { number: review.number, asRole: "R1" });
  expect(await stateOf(world, promotion.id)).toMatchObject({ state: "waiting" });
  const thread = { projectId, reviewId: page.id, evidenceDigest: evidence.digest, body: "Which days?" };
  const { threadId } = await dataEngineer.api.reviews.openThread({ ...thread, anchor: { kind: "whole", key: "" } });
  expect(await stateOf(world, promotion.id)).toMatchObject({ state: "evaluating" });
  await scientist.api.reviews.reply({ projectId, threadId, body: "The first week." });
  await dataEngineer.api.reviews.resolveThread({ projectId, threadId });
  await computeEvidence(world.ctx, promotion.id);
  expect(await reviewRule(scene, promotion.number)).toMatchObject({ verdict: "pass" });
  expect(await standingSignatures(world, scene)).toBe(1);

  await verdictOf(dataEngineer, scene, {
    number: review.number,
    asRole: "R4",
    decision: "changes_requested",
    comment: "I overlooked the storms.",
  });
  await evaluatedAgain(world, promotion.id);
  expect(await standingSignatures(world, scene)).toBe(0);
  const nudges = await world.db.select().from(outbox);
  expect(nudges.some(({ message }) => message.workflowId === promotionWorkflowId(promotion.id))).toBe(true);
});

test("a change that is asked for after the last signature keeps the version from being deployed", async ({ world }) => {
  const scene = await reviewScene(world);
  const { mlEngineer, dataEngineer, stakeholder } = scene.people;
  const { review, promotion } = await approvedReview(world, scene);
  await signed(mlEngineer, scene, { number: promotion.number, asRole: "R7" });
  await signed(stakeholder, scene, { number: promotion.number, asRole: "R1" });
  await verdictOf(dataEngineer, scene, {
    number: review.number,
    asRole: "R4",
    decision: "changes_requested",
    comment: "Wait.",
  });
  expect(await beginDeployment(world.ctx, promotion.id)).toBeNull();
  await evaluatedAgain(world, promotion.id);
  expect(await standingSignatures(world, scene)).toBe(0);
});

test("approvals do not count while newer evidence is being computed, and count again where it came out the same", async ({
  world,
}) => {
  const scene = await reviewScene(world);
  const { mlEngineer, stakeholder } = scene.people;
  const { review, promotion } = await approvedReview(world, scene);
  await signed(mlEngineer, scene, { number: promotion.number, asRole: "R7" });
  await signed(stakeholder, scene, { number: promotion.number, asRole: "R1" });
  await world.db.transaction((tx) =>
    requestEvidenceOfVersion(tx, {
      projectId: scene.projectId,
      modelVersionId: scene.second.id,
      requestId: world.ctx.requestId,
    }),
  );
  expect(await beginDeployment(world.ctx, promotion.id)).toBeNull();
  await evaluatedAgain(world, promotion.id);
  expect(await reviewRule(scene, promotion.number)).toMatchObject({
    verdict: "not_yet",
    sentence: `The evidence of R-${review.number} is being computed.`,
  });
  await frozen(world, review.id);
  await evaluatedAgain(world, promotion.id);
  expect(await reviewRule(scene, promotion.number)).toMatchObject({ verdict: "pass" });
});

test("new evidence under review takes the way away again: verdicts are outdated, the promotion says so", async ({
  world,
}) => {
  const scene = await reviewScene(world);
  const { dataEngineer } = scene.people;
  const { review, promotion } = await approvedReview(world, scene);
  await dataEngineer.api.reviews.createSlice({ projectId: scene.projectId, name: "Warm", expression: "temp_max > 15" });
  await frozen(world, review.id);
  await evaluatedAgain(world, promotion.id);
  expect((await reviewRule(scene, promotion.number))?.sentence).toBe(
    "The evidence changed after the verdict of the data engineer and software engineer, who have to look again.",
  );
});

test("a verdict while the evidence is being computed is not lost between the two", async ({ world }) => {
  const scene = await reviewScene(world);
  const { dataEngineer, softwareEngineer } = scene.people;
  const { number } = await openedReview(world, scene);
  await verdictOf(softwareEngineer, scene, { number, asRole: "R5" });
  await inStaging(world, scene, scene.second.id);
  const { id, number: promotion } = await scene.people.scientist.api.promotions.propose({
    projectId: scene.projectId,
    modelVersionId: scene.second.id,
    environment: "production",
  });
  await Promise.all([computeEvidence(world.ctx, id), verdictOf(dataEngineer, scene, { number, asRole: "R4" })]);
  // Whichever came first: the record asks for another look until the evidence says what the review says.
  for (let rounds = 0; rounds < 3 && (await stateOf(world, id))?.state === "evaluating"; rounds += 1)
    await computeEvidence(world.ctx, id);
  expect(await reviewRule(scene, promotion)).toMatchObject({ verdict: "pass" });
});

test("a policy from before there were reviews asks for none", async ({ world }) => {
  const scene = await reviewScene(world);
  const policies = await world.db.select().from(policyVersions).where(eq(policyVersions.projectId, scene.projectId));
  for (const { id, rules } of policies) {
    const { reviewRoles: _absent, ...older } = rules;
    await world.db
      .update(policyVersions)
      .set({ rules: older as typeof policyVersions.$inferInsert.rules })
      .where(eq(policyVersions.id, id));
  }
  const promotion = await proposedForProduction(world, scene);
  expect(await reviewRule(scene, promotion.number)).toBeUndefined();
});
