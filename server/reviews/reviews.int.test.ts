import { and, eq, isNull } from "drizzle-orm";
import { expect } from "vitest";
import { auditEvents } from "@/db/schema/audit";
import { notifications } from "@/db/schema/notifications";
import { modelEvaluations } from "@/db/schema/registry";
import { reviewEvidence, reviews, reviewThreads, reviewVerdicts } from "@/db/schema/reviews";
import { sha256 } from "../blobs/digest";
import { evaluateModel } from "../serving/evaluate-model";
import { frozen, loggedRun, openedReview, pageOf, registeredFrom, reviewScene, verdictOf } from "../testing/reviews";
import { test, World } from "../testing/world";

const count = (world: World, action: string) =>
  world.db.$count(auditEvents, and(eq(auditEvents.projectId, world.project.id), eq(auditEvents.action, action)));

test("a review freezes both sides, measured by the platform on the same rows, under one digest", async ({ world }) => {
  const scene = await reviewScene(world);
  const { dataEngineer } = scene.people;
  await dataEngineer.api.reviews.createSlice({ projectId: scene.projectId, name: "Windy", expression: "wind > 3" });
  await dataEngineer.api.reviews.createSlice({ projectId: scene.projectId, name: "Storm", expression: "wind > 9" });
  const { id, number } = await openedReview(world, scene);
  const page = await pageOf(dataEngineer, scene, number);
  const { record, digest } = page.evidence;
  const [kept] = await world.db.select().from(reviewEvidence).where(eq(reviewEvidence.reviewId, id));
  expect(sha256(kept?.text ?? "")).toBe(digest);
  expect(page).toMatchObject({ standing: "waiting", title: "Replace v1 by v2", requiredRoles: ["R4", "R5"] });
  expect(record).toMatchObject({
    candidate: { label: "seattle-rain v2", problem: null },
    base: { label: "seattle-rain v1" },
    evaluation: { dataset: "holdout v1", rows: 93, sliceMetric: "accuracy" },
  });
  expect(record.candidate.data.map(({ name }) => name)).toEqual(["weather v1"]);
  const accuracy = record.metrics.find(({ key }) => key === "platform.accuracy");
  const [all, storm, windy] = record.slices;
  expect(all?.candidate?.value).toBeCloseTo(accuracy?.candidate ?? Number.NaN, 12);
  expect(all?.base?.value).toBeCloseTo(accuracy?.base ?? Number.NaN, 12);
  expect(all).toMatchObject({ rows: 93, id: "all" });
  expect(storm).toMatchObject({ name: "Storm", isTooFew: true, candidate: null });
  expect(windy?.rows).toBeGreaterThan(20);
  expect(windy?.candidate?.interval?.[0]).toBeLessThan(windy?.candidate?.value ?? 0);
  expect(record.evaluations).toHaveLength(2);

  // Looking again finds the same record, so the same digest.
  await world.db.update(reviews).set({ computedRevision: 0 }).where(eq(reviews.id, id));
  await frozen(world, id);
  expect((await pageOf(dataEngineer, scene, number)).evidence.digest).toBe(digest);
  expect(await world.db.$count(reviewEvidence, eq(reviewEvidence.reviewId, id))).toBe(1);
});

test("one review of a subject is open at a time, also for two who open at once", async ({ world }) => {
  const scene = await reviewScene(world);
  const open = (by = scene.people.scientist) =>
    by.api.reviews.open({
      projectId: scene.projectId,
      subject: { kind: "model_version", modelVersionId: scene.second.id },
    });
  const results = await Promise.allSettled([open(), open(scene.people.dataEngineer)]);
  expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect(results.find((result) => result.status === "rejected")?.reason).toMatchObject({
    code: "CONFLICT",
    cause: { reason: "open_review" },
  });
  expect(await world.db.$count(reviews, eq(reviews.projectId, scene.projectId))).toBe(1);
  expect(await count(world, "reviews.open_refused")).toBe(1);
});

test("authors, other roles and old evidence give no verdict: the rows stay, an audit row tells", async ({ world }) => {
  const scene = await reviewScene(world);
  const { dataEngineer, softwareEngineer, scientist } = scene.people;
  const { id, number } = await openedReview(world, scene);
  const { evidence } = await pageOf(dataEngineer, scene, number);
  const give = (member: typeof scientist, part: Record<string, unknown>) =>
    member.api.reviews.verdict({
      projectId: scene.projectId,
      reviewId: id,
      asRole: "R4",
      decision: "approved",
      evidenceDigest: evidence.digest,
      ...part,
    });
  await expect(give(scientist, { asRole: "R3" })).rejects.toMatchObject({
    code: "FORBIDDEN",
    cause: { reason: "barred", message: expect.stringContaining("opened this review and registered v2") },
  });
  await expect(give(softwareEngineer, { asRole: "R4" })).rejects.toMatchObject({ cause: { reason: "role_not_held" } });
  await expect(give(dataEngineer, { decision: "changes_requested" })).rejects.toMatchObject({
    code: "BAD_REQUEST",
    cause: { reason: "reason_needed" },
  });
  const old = give(dataEngineer, { evidenceDigest: "0".repeat(64) });
  await expect(old).rejects.toMatchObject({
    code: "CONFLICT",
    cause: { reason: "evidence_outdated", details: { evidenceDigest: evidence.digest } },
  });
  expect(await world.db.$count(reviewVerdicts, eq(reviewVerdicts.reviewId, id))).toBe(0);
  expect(await count(world, "reviews.verdict_refused")).toBe(4);
});

test("a changed slice set makes a new digest, and the verdicts before it are outdated", async ({ world }) => {
  const scene = await reviewScene(world);
  const { dataEngineer, softwareEngineer } = scene.people;
  const { id, number } = await openedReview(world, scene);
  await verdictOf(dataEngineer, scene, { number, asRole: "R4" });
  await verdictOf(softwareEngineer, scene, { number, asRole: "R5" });
  const before = await pageOf(dataEngineer, scene, number);
  expect(before.standing).toBe("approved");
  const slice = await softwareEngineer.api.reviews.createSlice({
    projectId: scene.projectId,
    name: "Warm",
    expression: "temp_max > 15",
  });
  expect(slice.rows).toBeGreaterThan(0);
  const preparing = dataEngineer.api.reviews.verdict({
    projectId: scene.projectId,
    reviewId: id,
    asRole: "R4",
    decision: "approved",
    evidenceDigest: before.evidence.digest,
  });
  await expect(preparing).rejects.toMatchObject({ code: "CONFLICT", cause: { reason: "not_ready" } });
  await frozen(world, id);
  const after = await pageOf(dataEngineer, scene, number);
  expect(after.evidence.digest).not.toBe(before.evidence.digest);
  expect(after.standing).toBe("waiting");
  expect(after.verdicts.map(({ isOutdated }) => isOutdated)).toEqual([true, true]);
  expect(after.evidence.record.slices.map(({ name }) => name)).toEqual(["All rows", "Warm"]);
  // Without it the record is as before, and so is the digest: the verdicts count again.
  await softwareEngineer.api.reviews.retireSlice({ projectId: scene.projectId, sliceId: slice.id });
  await frozen(world, id);
  expect((await pageOf(dataEngineer, scene, number)).standing).toBe("approved");
  expect(await count(world, "reviews.slice_retired")).toBe(1);
});

test("a new evaluation of the version makes a new digest", async ({ world }) => {
  const scene = await reviewScene(world);
  const { dataEngineer } = scene.people;
  const { id, number } = await openedReview(world, scene);
  await verdictOf(dataEngineer, scene, { number, asRole: "R4" });
  const before = await pageOf(dataEngineer, scene, number);
  await evaluateModel(world.ctx, {
    projectId: scene.projectId,
    modelVersionId: scene.second.id,
    datasetVersionId: scene.training.id,
    target: "precipitation > 0",
  });
  await frozen(world, id);
  const after = await pageOf(dataEngineer, scene, number);
  expect(after.evidence.digest).not.toBe(before.evidence.digest);
  expect(after.evidence.record.evaluations.map(({ dataset }) => dataset)).toContain("weather v1");
  expect(after.verdicts[0]?.isOutdated).toBe(true);
  expect(after.evidenceHistory).toHaveLength(2);
  expect(await world.db.$count(modelEvaluations, eq(modelEvaluations.projectId, scene.projectId))).toBe(3);
});

test("two verdicts of one person at once: the later takes the place of the earlier, both are kept", async ({
  world,
}) => {
  const scene = await reviewScene(world);
  const { dataEngineer, softwareEngineer } = scene.people;
  const { id, number } = await openedReview(world, scene);
  await Promise.all([
    verdictOf(dataEngineer, scene, { number, asRole: "R4" }),
    verdictOf(dataEngineer, scene, { number, asRole: "R4", decision: "changes_requested", comment: "Storms." }),
    verdictOf(softwareEngineer, scene, { number, asRole: "R5" }),
  ]);
  const all = await world.db.select().from(reviewVerdicts).where(eq(reviewVerdicts.reviewId, id));
  expect(all).toHaveLength(3);
  const standing = all.filter(({ replacedAt }) => replacedAt === null);
  expect(standing.map(({ userId }) => userId).sort()).toEqual([dataEngineer.id, softwareEngineer.id].sort());
});

test("threads quote what was shown, are answered and resolved, and tell whom they mention", async ({ world }) => {
  const scene = await reviewScene(world);
  const { projectId } = scene;
  const { dataEngineer, scientist, mlEngineer, softwareEngineer } = scene.people;
  const { id, number } = await openedReview(world, scene);
  const { evidence } = await pageOf(dataEngineer, scene, number);
  const open = (anchor: { kind: "metric" | "slice" | "artifact"; key: string }, body: string) =>
    dataEngineer.api.reviews.openThread({ projectId, reviewId: id, anchor, evidenceDigest: evidence.digest, body });
  await expect(open({ kind: "metric", key: "platform.none" }, "?")).rejects.toMatchObject({ code: "NOT_FOUND" });
  const { threadId } = await open({ kind: "slice", key: "all" }, `Is this noise, @${scientist.name}?`);
  await open({ kind: "artifact", key: "model.onnx" }, "Which opset?");
  const notice = (userId: string) =>
    world.db
      .select({ kind: notifications.kind, readAt: notifications.readAt, entityId: notifications.entityId })
      .from(notifications)
      .where(and(eq(notifications.userId, userId), eq(notifications.entityId, threadId)));
  expect(await notice(scientist.id)).toMatchObject([{ kind: "reviews.mentioned", readAt: null }]);
  const waiting = await scientist.api.notifications.waiting();
  expect(waiting.notices.find(({ kind }) => kind === "reviews.mentioned")).toMatchObject({
    target: { screen: "review", number, thread: threadId },
  });
  await scientist.api.reviews.reply({ projectId, threadId, body: "93 days: it is." });
  expect((await notice(scientist.id))[0]?.readAt).not.toBeNull();
  expect(await notice(dataEngineer.id)).toMatchObject([{ kind: "reviews.replied", readAt: null }]);

  const resolve = (member: typeof scientist, reason = "") =>
    member.api.reviews.resolveThread({ projectId, threadId, reason });
  await expect(resolve(scientist, "done")).rejects.toMatchObject({ code: "FORBIDDEN", cause: { reason: "not_yours" } });
  await expect(resolve(mlEngineer)).rejects.toMatchObject({ cause: { reason: "reason_needed" } });
  const open2 = and(eq(reviewThreads.reviewId, id), isNull(reviewThreads.resolvedAt));
  expect(await world.db.$count(reviewThreads, open2)).toBe(2);
  expect(await count(world, "reviews.resolve_refused")).toBe(2);
  await resolve(dataEngineer);
  await expect(resolve(dataEngineer)).rejects.toMatchObject({ code: "CONFLICT" });
  await softwareEngineer.api.reviews.reopenThread({ projectId, threadId });
  await resolve(mlEngineer, "The interval holds zero.");
  const page = await pageOf(dataEngineer, scene, number);
  expect(page.threads[0]).toMatchObject({
    quote: { kind: "slice", slice: { rows: 93 } },
    resolved: { by: mlEngineer.name, reason: "The interval holds zero." },
  });
  expect(page.threads[0]?.comments.map(({ authorId }) => authorId)).toEqual([dataEngineer.id, scientist.id]);
  expect(page.unresolvedThreads).toBe(1);
});

test("a run's review speaks for the version that is registered from it", async ({ world }) => {
  const scene = await reviewScene(world);
  const { projectId } = scene;
  const { dataEngineer, scientist, mlEngineer } = scene.people;
  const runId = await loggedRun(world, scientist);
  const { id, number } = await dataEngineer.api.reviews.open({
    projectId,
    subject: { kind: "experiment_run", experimentRunId: runId },
  });
  await frozen(world, id);
  const before = await pageOf(mlEngineer, scene, number);
  expect(before).toMatchObject({
    title: "Replace v1 by patient-wren",
    evidence: { record: { base: { label: "seattle-rain v1" } } },
  });
  expect(before.evidence.record.candidate.modelVersionId).toBeNull();
  await registeredFrom(world, scene.second.id, runId);
  const again = scientist.api.reviews.open({
    projectId,
    subject: { kind: "model_version", modelVersionId: scene.second.id },
  });
  await expect(again).rejects.toMatchObject({ code: "CONFLICT", cause: { reason: "open_review" } });
  await evaluateModel(world.ctx, {
    projectId,
    modelVersionId: scene.second.id,
    datasetVersionId: scene.holdout.id,
    target: "precipitation > 0",
  });
  await frozen(world, id);
  const after = await pageOf(mlEngineer, scene, number);
  expect(after.evidence.record.candidate.label).toBe("seattle-rain v2");
  expect(after.rules.barred.find(({ userId }) => userId === scientist.id)?.reason).toBe(
    "started the run patient-wren and registered v2",
  );
  expect(await scientist.api.reviews.ofSubject({ projectId, modelVersionId: scene.second.id })).toMatchObject({
    number,
    state: "open",
  });
});

test("its opener withdraws a review; a stranger and another project's people learn nothing", async ({ world }) => {
  const scene = await reviewScene(world);
  const { projectId } = scene;
  const { dataEngineer, scientist } = scene.people;
  const { id, number } = await openedReview(world, scene);
  const other = await World.create(world.ctx);
  const stranger = await other.member("R4", "R7");
  await expect(stranger.api.reviews.get({ projectId, number })).rejects.toMatchObject({ code: "NOT_FOUND" });
  await expect(stranger.api.reviews.get({ projectId: other.project.id, number })).rejects.toMatchObject({
    code: "NOT_FOUND",
  });
  const { evidence, threads } = await pageOf(dataEngineer, scene, number);
  expect(threads).toEqual([]);
  await expect(
    stranger.api.reviews.verdict({
      projectId: other.project.id,
      reviewId: id,
      asRole: "R4",
      decision: "approved",
      evidenceDigest: evidence.digest,
    }),
  ).rejects.toMatchObject({ code: "NOT_FOUND" });
  await expect(
    stranger.api.reviews.open({
      projectId: other.project.id,
      subject: { kind: "model_version", modelVersionId: scene.second.id },
    }),
  ).rejects.toMatchObject({ code: "NOT_FOUND" });
  const close = (member: typeof scientist, state: "closed" | "withdrawn") =>
    member.api.reviews.close({ projectId, reviewId: id, state, reason: "Another candidate." });
  await expect(close(dataEngineer, "closed")).rejects.toMatchObject({ code: "FORBIDDEN" });
  await close(scientist, "withdrawn");
  await expect(close(scientist, "withdrawn")).rejects.toMatchObject({ code: "CONFLICT" });
  await expect(verdictOf(dataEngineer, scene, { number, asRole: "R4" })).rejects.toMatchObject({
    cause: { reason: "closed" },
  });
  expect(await world.db.$count(reviewVerdicts, eq(reviewVerdicts.reviewId, id))).toBe(0);
  const list = await dataEngineer.api.reviews.list({ projectId });
  expect(list.reviews.map(({ standing }) => standing)).toEqual(["withdrawn"]);
});

test("a slice is one pure condition over the evaluation dataset, named once", async ({ world }) => {
  const scene = await reviewScene(world);
  const { dataEngineer } = scene.people;
  const create = (name: string, expression: string) =>
    dataEngineer.api.reviews.createSlice({ projectId: scene.projectId, name, expression });
  for (const bad of ["wind >", "nothing > 1", "(SELECT 1) = 1", "count(*) > 1", "weather"])
    await expect(create("Bad", bad)).rejects.toMatchObject({ code: "BAD_REQUEST", cause: { reason: "expression" } });
  await create("Windy", "wind > 5");
  await expect(create("Windy", "wind > 6")).rejects.toMatchObject({ code: "CONFLICT" });
  const { slices, dataset } = await dataEngineer.api.reviews.slices({ projectId: scene.projectId });
  expect(slices.map(({ name }) => name)).toEqual(["Windy"]);
  expect(dataset).toMatchObject({ name: "holdout v1", rows: 93 });
  expect(await count(world, "reviews.slice_refused")).toBe(1);
});
