import { and, eq } from "drizzle-orm";
import { expect } from "vitest";
import { memberships, users } from "@/db/schema/identity";
import { lineageEdges } from "@/db/schema/lineage";
import { notifications } from "@/db/schema/notifications";
import { promotions } from "@/db/schema/promotions";
import { modelAliases } from "@/db/schema/registry";
import { activateDeployment } from "../deployments/activate-deployment";
import {
  acceptances,
  activated,
  inStaging,
  promotionScene,
  proposed,
  servedIn,
  signed,
  stateOf,
  version,
} from "../testing/promotions";
import { test } from "../testing/world";
import { beginDeployment } from "./begin-deployment";
import { computeEvidence } from "./compute-evidence";
import { expirePromotion } from "./expire-promotion";
import { nextActOf } from "./next-act";
import { remindSigners } from "./remind-signers";
import { systemCaller } from "./system-caller";

test("after the last signature it deploys: alias, lineage and record follow", async ({ world }) => {
  const scene = await promotionScene(world);
  const promotion = await proposed(world, scene);
  expect(await beginDeployment(world.ctx, promotion.id)).toBeNull();
  await signed(scene.people.mlEngineer, scene, { number: promotion.number, asRole: "R7" });
  expect((await nextActOf(world.ctx, promotion.id)).act).toBe("deploy");
  const [first, second] = await Promise.all([
    beginDeployment(world.ctx, promotion.id),
    beginDeployment(world.ctx, promotion.id),
  ]);
  expect(first?.deploymentId).toBe(second?.deploymentId);
  expect((await nextActOf(world.ctx, promotion.id)).act).toBe("deliver");
  await activated(world, promotion.id);
  expect(await stateOf(world, promotion.id)).toEqual({ state: "deployed", reason: null });
  expect(await servedIn(world, "staging")).toBe(scene.version.id);
  const aliases = await world.db.select().from(modelAliases).where(eq(modelAliases.modelId, scene.version.modelId));
  expect(aliases).toMatchObject([{ alias: "staging", modelVersionId: scene.version.id }]);
  const edges = await world.db
    .select({ kind: lineageEdges.kind })
    .from(lineageEdges)
    .where(eq(lineageEdges.projectId, scene.projectId));
  for (const kind of ["promoted_by", "evidence_for", "deployed_as", "evaluated_by"])
    expect(edges.map((edge) => edge.kind)).toContain(kind);
  expect((await nextActOf(world.ctx, promotion.id)).act).toBe("done");
});

test("a signer who lost the role: the signature is outdated and a colleague signs", async ({ world }) => {
  const scene = await promotionScene(world);
  const promotion = await proposed(world, scene);
  const { mlEngineer } = scene.people;
  await signed(mlEngineer, scene, { number: promotion.number, asRole: "R7" });
  await world.db.delete(memberships).where(eq(memberships.userId, mlEngineer.id));
  expect(await beginDeployment(world.ctx, promotion.id)).toBeNull();
  expect(await stateOf(world, promotion.id)).toEqual({
    state: "waiting",
    reason: `${mlEngineer.name} no longer holds the role signed for.`,
  });
  const colleague = await world.member("R7");
  expect((await signed(colleague, scene, { number: promotion.number, asRole: "R7" })).outcome).toBe("approved");
  expect(await beginDeployment(world.ctx, promotion.id)).not.toBeNull();
});

test("a deactivated signer counts no more either", async ({ world }) => {
  const scene = await promotionScene(world);
  const promotion = await proposed(world, scene);
  await signed(scene.people.mlEngineer, scene, { number: promotion.number, asRole: "R7" });
  await world.db.update(users).set({ deactivatedAt: new Date() }).where(eq(users.id, scene.people.mlEngineer.id));
  expect(await beginDeployment(world.ctx, promotion.id)).toBeNull();
});

test("a policy published between the last signature and the deployment takes it back", async ({ world }) => {
  const scene = await promotionScene(world);
  const promotion = await proposed(world, scene);
  await signed(scene.people.mlEngineer, scene, { number: promotion.number, asRole: "R7" });
  const [published] = await Promise.all([
    scene.policy("staging", { isValidationRequired: false }),
    beginDeployment(world.ctx, promotion.id).catch(() => null),
  ]);
  expect(published.version).toBe(2);
  // Whichever came first under the environment's lock: either it deploys under v1, or it is evaluated under v2.
  expect(["deploying", "evaluating"]).toContain((await stateOf(world, promotion.id))?.state);
});

test("a rollback makes what waits for the model outdated", async ({ world }) => {
  const scene = await promotionScene(world, { threshold: 0.3 });
  const { scientist, mlEngineer, devops } = scene.people;
  const policy = { isComparedWithCurrent: false };
  await scene.policy("staging", policy);
  await inStaging(world, scene);
  const second = await version(world, {
    scientist,
    training: scene.training.id,
    file: "rain-other.onnx",
    modelId: scene.version.modelId,
    number: 2,
  });
  await inStaging(world, scene, second.id);
  const third = await version(world, {
    scientist,
    training: scene.training.id,
    modelId: scene.version.modelId,
    number: 3,
  });
  const promotion = await proposed(world, scene, { modelVersionId: third.id });
  await signed(mlEngineer, scene, {
    number: promotion.number,
    asRole: "R7",
    ...(await acceptances(world, scene, promotion.number)),
  });

  const where = { projectId: scene.projectId, environment: "staging" as const, modelId: scene.version.modelId };
  const history = await devops.api.deployments.history(where);
  const [current, earlier] = history.deployments;
  expect(current?.rollbackRefusal).toBe("This version serves already.");
  expect(earlier).toMatchObject({ version: 1, rollbackRefusal: null });
  const back = { ...where, deploymentId: earlier?.id ?? "", reason: "v2 answers wrongly." };
  await expect(scientist.api.deployments.rollBack(back)).rejects.toMatchObject({ code: "FORBIDDEN" });
  await expect(devops.api.deployments.rollBack({ ...back, deploymentId: current?.id ?? "" })).rejects.toMatchObject({
    code: "CONFLICT",
    cause: { reason: "already_serving" },
  });
  const { deploymentId } = await devops.api.deployments.rollBack(back);
  await expect(devops.api.deployments.rollBack(back)).rejects.toMatchObject({ cause: { reason: "busy" } });
  expect((await nextActOf(world.ctx, promotion.id)).act).toBe("wait");

  const [line] = (await devops.api.deployments.history(where)).deployments;
  await activateDeployment(
    await systemCaller(world.ctx, promotion.id),
    { id: deploymentId, environmentId: line?.environmentId ?? "" },
    { rows: 20, greatestDifference: 0, error: null },
  );
  expect(await servedIn(world, "staging")).toBe(scene.version.id);
  expect(await stateOf(world, promotion.id)).toEqual({
    state: "evaluating",
    reason: "seattle-rain v1 serves in staging now.",
  });
  const page = await mlEngineer.api.promotions.get({ projectId: scene.projectId, number: promotion.number });
  expect(page.signatures[0]?.outdatedReason).toBe("seattle-rain v1 serves in staging now.");
});

test("a version that lost its place in staging cannot go on to production", async ({ world }) => {
  const scene = await promotionScene(world, { threshold: 0.3 });
  const { scientist, mlEngineer } = scene.people;
  await scene.policy("staging", { isComparedWithCurrent: false });
  await inStaging(world, scene);
  const production = await proposed(world, scene, { environment: "production" });
  await signed(mlEngineer, scene, { number: production.number, asRole: "R7" });
  const second = await version(world, {
    scientist,
    training: scene.training.id,
    file: "rain-other.onnx",
    modelId: scene.version.modelId,
    number: 2,
  });
  await inStaging(world, scene, second.id);
  expect((await stateOf(world, production.id))?.state).toBe("evaluating");
  await computeEvidence(world.ctx, production.id);
  const page = await mlEngineer.api.promotions.get({ projectId: scene.projectId, number: production.number });
  expect(page.approval.rules.blockingRules).toEqual(["Serving in staging"]);
});

test("reminds whoever can still sign, once per reminder, and expires at the deadline", async ({ world }) => {
  const scene = await promotionScene(world);
  const promotion = await proposed(world, scene);
  const [row] = await world.db.select().from(promotions).where(eq(promotions.id, promotion.id));
  const started = row?.createdAt.getTime() ?? 0;
  const at = (days: number) => ({ ...world.ctx, clock: () => new Date(started + days * 86_400_000) });
  const reminders = () =>
    world.db.$count(
      notifications,
      and(eq(notifications.projectId, scene.projectId), eq(notifications.kind, "promotions.reminder")),
    );

  await remindSigners(at(1), promotion.id);
  expect(await reminders()).toBe(0);
  expect((await nextActOf(at(2.1), promotion.id)).act).toBe("remind");
  await Promise.all([remindSigners(at(2.1), promotion.id), remindSigners(at(2.1), promotion.id)]);
  expect(await reminders()).toBe(1);
  expect(await nextActOf(at(2.1), promotion.id)).toEqual({ act: "wait", until: new Date(started + 6 * 86_400_000) });
  await expirePromotion(at(3), promotion.id);
  expect((await stateOf(world, promotion.id))?.state).toBe("waiting");
  expect((await nextActOf(at(7.1), promotion.id)).act).toBe("expire");
  await expirePromotion(at(7.1), promotion.id);
  expect(await stateOf(world, promotion.id)).toEqual({
    state: "expired",
    reason: "Not everybody signed before the deadline.",
  });
});
