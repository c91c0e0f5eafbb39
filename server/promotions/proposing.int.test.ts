import { and, eq } from "drizzle-orm";
import { expect, vi } from "vitest";
import { approvals } from "@/db/schema/approvals";
import { auditEvents } from "@/db/schema/audit";
import { projectCounters } from "@/db/schema/projects";
import { promotions } from "@/db/schema/promotions";
import { modelVersions } from "@/db/schema/registry";
import { deleteModelVersion } from "../registry/delete-model-version";
import { inStaging, promotionScene, proposed, signed, stateOf, version } from "../testing/promotions";
import { test, type World } from "../testing/world";
import { computeEvidence } from "./compute-evidence";

test("what may not be proposed is refused with its reason and leaves an audit row alone", async ({ world }) => {
  const scene = await promotionScene(world);
  const { scientist } = scene.people;
  const propose = (environment: "staging" | "production", by = scientist) =>
    by.api.promotions.propose({ projectId: scene.projectId, modelVersionId: scene.version.id, environment });
  const change = (row: Partial<typeof modelVersions.$inferInsert>) =>
    world.db.update(modelVersions).set(row).where(eq(modelVersions.id, scene.version.id));

  await expect(propose("production")).rejects.toMatchObject({
    code: "PRECONDITION_FAILED",
    cause: { reason: "order" },
  });
  await change({ origin: "development" });
  await expect(propose("staging")).rejects.toMatchObject({ cause: { reason: "not_from_production" } });
  await change({ origin: "production", onnxSha256: null });
  await expect(propose("staging")).rejects.toMatchObject({ cause: { reason: "no_onnx" } });
  await change({ onnxSha256: scene.version.onnxSha256 });
  const engineer = await world.member("R5");
  await expect(propose("production", engineer)).rejects.toMatchObject({
    code: "FORBIDDEN",
    cause: { reason: "role_needed" },
  });
  await expect(propose("staging", scene.people.mlEngineer)).rejects.toMatchObject({ code: "FORBIDDEN" });
  expect(await world.db.$count(promotions, eq(promotions.projectId, scene.projectId))).toBe(0);
  expect(await world.db.$count(approvals, eq(approvals.projectId, scene.projectId))).toBe(0);
  const refused = and(eq(auditEvents.projectId, scene.projectId), eq(auditEvents.action, "promotions.propose_refused"));
  // Four by the verb, and the one of the ML engineer, whom the matrix stops at the door.
  expect(await world.db.$count(auditEvents, refused)).toBe(5);
  expect((await propose("staging", engineer)).number).toBe(1);
});

test("a policy that says the same again is no new version, and open promotions keep their signatures", async ({
  world,
}) => {
  const scene = await promotionScene(world);
  const first = await scene.policy("staging");
  expect(first.isNew).toBe(false);
  const promotion = await proposed(world, scene);
  expect(await scene.policy("staging")).toEqual(first);
  expect((await stateOf(world, promotion.id))?.state).toBe("waiting");
  const changed = await scene.policy("staging", { isComparedWithCurrent: false });
  expect([changed.version, changed.isNew]).toEqual([first.version + 1, true]);
});

test("one promotion of a model to an environment is open at a time, also for two proposals at once", async ({
  world,
}) => {
  const scene = await promotionScene(world);
  const propose = () =>
    scene.people.scientist.api.promotions.propose({
      projectId: scene.projectId,
      modelVersionId: scene.version.id,
      environment: "staging",
    });
  const results = await Promise.allSettled([propose(), propose()]);
  expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  const rejected = results.find((result) => result.status === "rejected");
  expect(rejected?.reason).toMatchObject({
    code: "CONFLICT",
    cause: {
      reason: "open_promotion",
      message: "Promotion #1 of this model to staging is open. Decide or withdraw it first.",
    },
  });
  const options = await scene.people.scientist.api.promotions.options({
    projectId: scene.projectId,
    modelVersionId: scene.version.id,
  });
  expect(options.options.map(({ environment }) => environment)).toEqual(["staging", "production"]);
  expect(options.options[0]?.refusal).toMatch(/Promotion #1/);
});

/** Waits until so many sessions of the test's database wait for a lock. */
const untilWaiting = (world: World, sessions: number) =>
  vi.waitFor(async () => {
    const [row] = await world.ctx.sql`
      select count(*)::int as waiting from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`;
    expect(row?.waiting).toBe(sessions);
  });

test("a version that is being deleted cannot be proposed, and one that is being proposed cannot be deleted", async ({
  world,
}) => {
  const scene = await promotionScene(world);
  const { projectId } = scene;
  const propose = () =>
    scene.people.scientist.api.promotions.propose({
      projectId,
      modelVersionId: scene.version.id,
      environment: "staging",
    });
  let proposing: Promise<unknown> = Promise.resolve();
  await world.db.transaction(async (tx) => {
    await tx.update(modelVersions).set({ deletedAt: new Date() }).where(eq(modelVersions.id, scene.version.id));
    proposing = propose().catch((error: unknown) => error);
    await untilWaiting(world, 1);
  });
  expect(await proposing).toMatchObject({ code: "NOT_FOUND" });
  await world.db.update(modelVersions).set({ deletedAt: null }).where(eq(modelVersions.id, scene.version.id));

  const retire = await scene.people.mlEngineer.scope("registry.retire");
  let deleting: Promise<unknown> = Promise.resolve();
  await world.db.transaction(async (tx) => {
    // The proposal needs the project's counter last, so it stands with the version in its hands.
    await tx.select().from(projectCounters).where(eq(projectCounters.projectId, projectId)).for("update");
    proposing = propose();
    await untilWaiting(world, 1);
    deleting = deleteModelVersion(world.ctx, retire, { name: "seattle-rain", version: 1 }).catch(
      (error: unknown) => error,
    );
    await untilWaiting(world, 2);
  });
  expect(await proposing).toMatchObject({ number: 1 });
  expect(await deleting).toMatchObject({ reason: "version_in_use" });
});

test("a hold-out that shares rows with the training data is an error that nobody can sign away", async ({ world }) => {
  const scene = await promotionScene(world, { isOverlapping: true });
  const { number } = await proposed(world, scene);
  const page = await scene.people.mlEngineer.api.promotions.get({ projectId: scene.projectId, number });
  const overlap = page.evidence?.record.results.find(({ rule }) => rule === "holdout_is_unseen");
  expect(overlap).toMatchObject({ verdict: "error", value: 93 });
  expect(page.approval.rules.blockingRules).toEqual(["Hold-out is unseen"]);
  await expect(signed(scene.people.mlEngineer, scene, { number, asRole: "R7", comment: "fine" })).rejects.toMatchObject(
    {
      code: "PRECONDITION_FAILED",
      cause: { reason: "blocked_by_rules" },
    },
  );
  expect((await scene.people.mlEngineer.api.notifications.waiting()).signatures).toEqual([]);
});

test("a missing validation is an error until it was run and the evidence is computed again", async ({ world }) => {
  const scene = await promotionScene(world, { isValidated: false });
  const { id, number } = await proposed(world, scene);
  const blocking = async () =>
    (await scene.people.scientist.api.promotions.get({ projectId: scene.projectId, number })).approval.rules
      .blockingRules;
  expect(await blocking()).toEqual(["Validation passed"]);
  const { dataEngineer, scientist } = scene.people;
  const dataset = await dataEngineer.api.data.byName({ projectId: scene.projectId, name: "weather" });
  await dataEngineer.api.data.saveChecks({
    projectId: scene.projectId,
    datasetId: dataset.id,
    checks: [{ kind: "not_null", column: "temp_max" }],
  });
  await dataEngineer.api.data.validate({ projectId: scene.projectId, datasetVersionId: scene.training.id });
  await scientist.api.promotions.evaluateAgain({ projectId: scene.projectId, promotionId: id });
  await computeEvidence(world.ctx, id);
  expect(await blocking()).toEqual([]);
  expect(await stateOf(world, id)).toMatchObject({ state: "waiting" });
});

test("a second version is compared on the same rows, and an inconclusive rule needs the ML engineer's word", async ({
  world,
}) => {
  const scene = await promotionScene(world, { threshold: 0.4 });
  await inStaging(world, scene);
  const { scientist, mlEngineer } = scene.people;
  const second = await version(world, {
    scientist,
    training: scene.training.id,

    modelId: scene.version.modelId,
    number: 2,
  });
  const { number } = await proposed(world, scene, { modelVersionId: second.id });
  const page = await mlEngineer.api.promotions.get({ projectId: scene.projectId, number });
  const compared = page.evidence?.record.results.find(({ rule }) => rule === "better_than_current");
  expect(page.baselineVersion).toBe(1);
  expect(page.makeup.current?.version).toBe(1);
  expect(compared).toMatchObject({ verdict: "inconclusive", value: 0, pValue: 1 });
  await expect(signed(mlEngineer, scene, { number, asRole: "R7" })).rejects.toMatchObject({
    cause: { reason: "rules_not_accepted" },
  });
  await expect(
    signed(mlEngineer, scene, { number, asRole: "R7", acceptedRules: ["Better than staging"] }),
  ).rejects.toMatchObject({ cause: { reason: "comment_needed" } });
  const result = await signed(mlEngineer, scene, {
    number,
    asRole: "R7",
    acceptedRules: ["Better than staging"],
    comment: "93 days are few.",
  });
  expect(result.outcome).toBe("approved");
});

test("a new policy takes what waits back, under the new version, and the earlier signature no longer counts", async ({
  world,
}) => {
  const scene = await promotionScene(world);
  await inStaging(world, scene);
  const { id, number } = await proposed(world, scene, { environment: "production" });
  const { mlEngineer, stakeholder } = scene.people;
  await signed(mlEngineer, scene, { number, asRole: "R7" });
  await scene.policy("production", { isValidationRequired: false });
  expect(await stateOf(world, id)).toEqual({ state: "evaluating", reason: "The policy production v2 was published." });
  await computeEvidence(world.ctx, id);
  const page = await stakeholder.api.promotions.get({ projectId: scene.projectId, number });
  expect(page.policy.name).toBe("production v2");
  expect(page.signatures).toMatchObject([
    { userId: mlEngineer.id, outdatedReason: "The policy production v2 was published." },
  ]);
  expect((await signed(stakeholder, scene, { number, asRole: "R1" })).outcome).toBe("pending");
  expect((await signed(mlEngineer, scene, { number, asRole: "R7" })).outcome).toBe("approved");
});

test("a policy asks for a hold-out, at least the roles of the risk class, and the ML engineer", async ({ world }) => {
  const scene = await promotionScene(world);
  await expect(scene.policy("production", { requiredRoles: ["R7"] })).rejects.toMatchObject({
    code: "BAD_REQUEST",
    cause: { reason: "required_roles" },
  });
  await expect(scene.policy("staging", { holdoutDatasetVersionId: scene.training.id })).rejects.toMatchObject({
    cause: { reason: "not_a_holdout" },
  });
  const isRefusal = and(
    eq(auditEvents.projectId, scene.projectId),
    eq(auditEvents.action, "promotions.policy_refused"),
  );
  expect(await world.db.$count(auditEvents, isRefusal)).toBe(2);
  const list = await scene.people.stakeholder.api.promotions.policies({ projectId: scene.projectId });
  expect(
    list.map(({ environment, versions }) => ({ environment, versions: versions.map((one) => one.version) })),
  ).toEqual([
    { environment: "staging", versions: [1] },
    { environment: "production", versions: [1] },
  ]);
});
