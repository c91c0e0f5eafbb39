import { and, eq } from "drizzle-orm";
import { expect } from "vitest";
import { approvalSignOffs } from "@/db/schema/approvals";
import { auditEvents } from "@/db/schema/audit";
import { notifications } from "@/db/schema/notifications";
import { outbox } from "@/db/schema/outbox";
import { promotionEvidence } from "@/db/schema/promotions";
import type { Evidence } from "@/domain/promotions/types";
import { sha256 } from "../blobs/digest";
import { inStaging, MEANINGS, promotionScene, proposed, shownTo, signed, stateOf } from "../testing/promotions";
import { test } from "../testing/world";
import { computeEvidence } from "./compute-evidence";

test("the data scientist proposes; the platform measures; the ML engineer's signature is kept word for word", async ({
  world,
}) => {
  const scene = await promotionScene(world);
  const promotion = await proposed(world, scene);
  expect(await stateOf(world, promotion.id)).toMatchObject({ state: "waiting" });
  const [evidence] = await world.db
    .select()
    .from(promotionEvidence)
    .where(eq(promotionEvidence.promotionId, promotion.id));
  const record = JSON.parse(evidence?.text ?? "{}") as Evidence;
  expect(evidence?.digest).toBe(sha256(evidence?.text ?? ""));
  expect(record.results.map(({ rule, verdict }) => `${rule} ${verdict}`)).toEqual([
    "metric_threshold pass",
    "better_than_current not_applicable",
    "holdout_is_unseen pass",
    "validation pass",
    "model_file pass",
  ]);
  expect(record.results[0]?.value).toBeCloseTo(74 / 93, 2);

  const result = await signed(scene.people.mlEngineer, scene, { number: promotion.number, asRole: "R7" });
  expect(result.outcome).toBe("approved");
  const [row] = await world.db.select().from(approvalSignOffs).where(eq(approvalSignOffs.projectId, scene.projectId));
  expect(row?.statementSha256).toBe(sha256(row?.statement ?? ""));
  expect(JSON.parse(row?.statement ?? "{}")).toMatchObject({
    subject: { kind: "promotion", id: promotion.id, digest: scene.version.onnxSha256 },
    evidenceDigest: evidence?.digest,
    policyVersion: "staging v1",
    target: "staging",
    decision: "approved",
    meaning: MEANINGS.R7,
    signer: { id: scene.people.mlEngineer.id },
  });
  const told = await world.db.select().from(notifications).where(eq(notifications.projectId, scene.projectId));
  expect(told.map(({ userId, kind }) => ({ userId, kind }))).toEqual([
    { userId: scene.people.mlEngineer.id, kind: "promotions.asked" },
  ]);
});

test("a digest that is no longer current is a conflict: an audit row, no signature", async ({ world }) => {
  const scene = await promotionScene(world);
  const { id, number } = await proposed(world, scene);
  const { mlEngineer } = scene.people;
  const shown = await shownTo(mlEngineer, scene, number);
  const attempt = mlEngineer.api.promotions.sign({
    ...shown,
    evidenceDigest: "0".repeat(64),
    asRole: "R7",
    meaning: MEANINGS.R7,
  });
  await expect(attempt).rejects.toMatchObject({ code: "CONFLICT", cause: { reason: "evidence_outdated" } });
  expect(await world.db.$count(approvalSignOffs, eq(approvalSignOffs.projectId, scene.projectId))).toBe(0);
  const [refused] = await world.db
    .select()
    .from(auditEvents)
    .where(and(eq(auditEvents.action, "promotions.sign_refused"), eq(auditEvents.entityId, id)));
  expect(refused?.text).toContain("evidence_outdated");
});

test("who proposed or registered may not sign, a role that is not asked for neither, and a stranger finds nothing", async ({
  world,
}) => {
  const scene = await promotionScene(world);
  const both = await world.member("R3", "R7");
  const { id, number } = await both.api.promotions.propose({
    projectId: scene.projectId,
    modelVersionId: scene.version.id,
    environment: "staging",
  });
  await computeEvidence(world.ctx, id);
  await expect(signed(both, scene, { number, asRole: "R7" })).rejects.toMatchObject({
    code: "FORBIDDEN",
    cause: { reason: "barred", message: "You may not sign: you proposed this promotion." },
  });
  await expect(signed(scene.people.stakeholder, scene, { number, asRole: "R1" })).rejects.toMatchObject({
    cause: { reason: "role_not_required" },
  });
  const page = await scene.people.mlEngineer.api.promotions.get({ projectId: scene.projectId, number });
  expect(page.barred.map(({ userId, reason }) => ({ userId, reason }))).toEqual([
    { userId: both.id, reason: "proposed this promotion" },
    { userId: scene.people.scientist.id, reason: "registered v1" },
  ]);
  const stranger = await world.member();
  await expect(stranger.api.promotions.get({ projectId: scene.projectId, number })).rejects.toMatchObject({
    code: "NOT_FOUND",
  });
});

test("two simultaneous clicks of one person count once", async ({ world }) => {
  const scene = await promotionScene(world);
  const { number } = await proposed(world, scene);
  const shown = await shownTo(scene.people.mlEngineer, scene, number);
  const click = () => scene.people.mlEngineer.api.promotions.sign({ ...shown, asRole: "R7", meaning: MEANINGS.R7 });
  const results = await Promise.allSettled([click(), click()]);
  expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect(await world.db.$count(approvalSignOffs, eq(approvalSignOffs.projectId, scene.projectId))).toBe(1);
});

test("production asks for two different people; both at once count once each, and the wait is nudged", async ({
  world,
}) => {
  const scene = await promotionScene(world);
  await inStaging(world, scene);
  const { id, number } = await proposed(world, scene, { environment: "production" });
  const nudges = () =>
    world.db.$count(
      outbox,
      eq(outbox.message, {
        act: "nudge",
        workflow: "promotionWorkflow",
        workflowId: `promotions/promotion/${id}`,
        input: { promotionId: id },
      }),
    );
  const before = await nudges();
  const { stakeholder, mlEngineer } = scene.people;
  const waiting = async () => (await stakeholder.api.notifications.waiting()).signatures;
  expect(await waiting()).toMatchObject([
    { model: "seattle-rain", version: 1, environment: "production", asRole: "R1", number },
  ]);
  const results = await Promise.all([
    signed(mlEngineer, scene, { number, asRole: "R7" }),
    signed(stakeholder, scene, { number, asRole: "R1" }),
  ]);
  expect(results.map(({ outcome }) => outcome).sort()).toEqual(["approved", "pending"]);
  expect(await nudges()).toBe(before + 1);
  expect(await waiting()).toEqual([]);
});

test("a return with reasons closes it; without reasons nothing happens", async ({ world }) => {
  const scene = await promotionScene(world);
  const { id, number } = await proposed(world, scene);
  const shown = await shownTo(scene.people.mlEngineer, scene, number);
  await expect(
    scene.people.mlEngineer.api.promotions.return({ ...shown, asRole: "R7", comment: " " }),
  ).rejects.toMatchObject({ code: "BAD_REQUEST" });
  await scene.people.mlEngineer.api.promotions.return({
    ...shown,
    asRole: "R7",
    comment: "The hold-out is too small.",
  });
  expect(await stateOf(world, id)).toEqual({ state: "returned", reason: "The hold-out is too small." });
  await expect(signed(scene.people.mlEngineer, scene, { number, asRole: "R7" })).rejects.toMatchObject({
    code: "CONFLICT",
  });
});

test("only who proposed it or an ML engineer withdraws it", async ({ world }) => {
  const scene = await promotionScene(world);
  const { id, number } = await proposed(world, scene);
  const other = await world.member("R3");
  const input = { projectId: scene.projectId, promotionId: id, reason: "Another one is better." };
  await expect(other.api.promotions.withdraw(input)).rejects.toMatchObject({
    code: "FORBIDDEN",
    cause: { reason: "not_own" },
  });
  await scene.people.scientist.api.promotions.withdraw(input);
  expect(await stateOf(world, id)).toMatchObject({ state: "withdrawn" });
  await expect(scene.people.scientist.api.promotions.withdraw(input)).rejects.toMatchObject({ code: "CONFLICT" });
  expect((await proposed(world, scene)).number).toBeGreaterThan(number);
});

test("signatures and evidence cannot be changed in the database", async ({ world }) => {
  const scene = await promotionScene(world);
  const { number } = await proposed(world, scene);
  await signed(scene.people.mlEngineer, scene, { number, asRole: "R7" });
  const blocked = { cause: expect.objectContaining({ code: "23001" }) };
  await expect(
    world.db.update(approvalSignOffs).set({ comment: "x" }).where(eq(approvalSignOffs.projectId, scene.projectId)),
  ).rejects.toMatchObject(blocked);
  await expect(
    world.db.update(promotionEvidence).set({ text: "{}" }).where(eq(promotionEvidence.projectId, scene.projectId)),
  ).rejects.toMatchObject(blocked);
});

test("a meaning that the role's signature cannot have is refused, on record, and signs nothing", async ({ world }) => {
  const scene = await promotionScene(world);
  const { id, number } = await proposed(world, scene);
  const { mlEngineer } = scene.people;
  const shown = await shownTo(mlEngineer, scene, number);
  const attempt = (promotionId: string) =>
    mlEngineer.api.promotions.sign({ ...shown, promotionId, asRole: "R7", meaning: "I like it." });
  await expect(attempt(id)).rejects.toMatchObject({ cause: { reason: "unknown_meaning" } });
  await expect(attempt(scene.projectId)).rejects.toMatchObject({ code: "NOT_FOUND" });
  const refused = await world.db
    .select()
    .from(auditEvents)
    .where(and(eq(auditEvents.action, "promotions.sign_refused"), eq(auditEvents.projectId, scene.projectId)));
  expect(refused.map((row) => row.entityId)).toEqual([id]);
  expect(await world.db.$count(approvalSignOffs, eq(approvalSignOffs.projectId, scene.projectId))).toBe(0);
});
