import { eq, inArray } from "drizzle-orm";
import { expect } from "vitest";
import { approvals } from "@/db/schema/approvals";
import { deployments } from "@/db/schema/deployments";
import { users } from "@/db/schema/identity";
import { notifications } from "@/db/schema/notifications";
import { environments, policyVersions, promotions } from "@/db/schema/promotions";
import { modelVersions, registeredModels } from "@/db/schema/registry";
import { servingTraffic } from "@/db/schema/serving";
import type { Role } from "@/domain/identity/roles";
import { latencyClassOf } from "@/domain/serving/latency";
import { writeAudit } from "../audit/write-audit";
import { newId } from "../ids";
import { test, type World } from "../testing/world";
import { notifyPeople } from "./notify-person";

const DIGEST = "a".repeat(64);
const at = new Date();

/** An open promotion to production that asks for R7 and R1, as far as the home page reads it. */
async function openPromotion(world: World, proposer: string, barred: readonly string[] = []) {
  const [environment] = await world.db
    .select()
    .from(environments)
    .where(eq(environments.projectId, world.project.id))
    .limit(1);
  if (!environment) throw new Error("The world has no environment.");
  const ids = { model: newId(), version: newId(), policy: newId(), approval: newId(), promotion: newId() };
  const projectId = world.project.id;
  const requiredRoles: Role[] = ["R7", "R1"];
  await world.db
    .insert(registeredModels)
    .values({ id: ids.model, projectId, name: `model-${ids.model.slice(-6)}`, updatedAt: at });
  await world.db.insert(modelVersions).values({
    id: ids.version,
    projectId,
    modelId: ids.model,
    version: 3,
    source: "run",
    files: [],
    origin: "production",
    updatedAt: at,
  });
  const rules = {
    holdoutDatasetVersionId: newId(),
    target: "wet",
    metric: "accuracy",
    mlProblemVersion: 1,
    acceptanceThreshold: 0.65,
    isComparedWithCurrent: true,
    isValidationRequired: false,
  };
  await world.db.insert(policyVersions).values({
    id: ids.policy,
    projectId,
    environmentId: environment.id,
    version: 1,
    rules,
    requiredRoles,
    digest: DIGEST,
    createdBy: proposer,
  });
  const deadlineAt = new Date(at.getTime() + 86_400_000);
  await world.db.insert(approvals).values({
    id: ids.approval,
    projectId,
    subjectKind: "promotion",
    subjectId: ids.promotion,
    subjectDigest: DIGEST,
    target: environment.name,
    evidenceDigest: DIGEST,
    policyVersion: "production v1",
    requiredRoles,
    barred: barred.map((userId) => ({ userId, reason: "started run #1" })),
    state: "open",
    openedBy: proposer,
    deadlineAt,
  });
  const promotion = {
    id: ids.promotion,
    projectId,
    number: 7,
    modelId: ids.model,
    modelVersionId: ids.version,
    environmentId: environment.id,
  };
  await world.db.insert(promotions).values({
    ...promotion,
    policyVersionId: ids.policy,
    approvalId: ids.approval,
    state: "waiting",
    proposedBy: proposer,
    deadlineAt,
  });
  return { ...ids, environment };
}

test("a promotion waits for those who may sign it, and for nobody else", async ({ world }) => {
  const scientist = await world.member("R3");
  const engineer = await world.member("R7");
  const barredEngineer = await world.member("R7");
  const stakeholder = await world.member("R1");
  const stranger = await world.member();
  await openPromotion(world, scientist.id, [barredEngineer.id]);

  const seen = async (member: typeof engineer) =>
    (await member.api.notifications.waiting()).signatures.map((item) => item.asRole);
  expect(await seen(engineer)).toEqual(["R7"]);
  expect(await seen(stakeholder)).toEqual(["R1"]);
  expect(await seen(scientist)).toEqual([]);
  expect(await seen(barredEngineer)).toEqual([]);
  expect(await seen(stranger)).toEqual([]);
  const [item] = (await engineer.api.notifications.waiting()).signatures;
  expect(item).toMatchObject({ number: 7, version: 3, others: ["R1"], project: { slug: world.project.slug } });
});

test("changes are facts of the person's own projects, without refusals and accounts", async ({ world }) => {
  const scientist = await world.member("R3");
  const stranger = await world.member();
  const fact = {
    organisationId: world.organisationId,
    projectId: world.project.id,
    requestId: newId(),
    at,
    actor: scientist.actor,
  };
  await writeAudit(world.db, {
    ...fact,
    action: "promotions.proposed",
    entity: { kind: "promotion", id: newId() },
    summary: "proposed a version",
  });
  await writeAudit(world.db, {
    ...fact,
    action: "promotions.sign_refused",
    entity: { kind: "promotion", id: newId() },
    summary: "was refused",
  });
  await writeAudit(world.db, {
    ...fact,
    action: "identity.signed_in",
    entity: { kind: "session", id: newId() },
    summary: "signed in",
  });
  await writeAudit(world.db, {
    ...fact,
    action: "projects.problem_stated",
    entity: { kind: "problem_statement", id: newId() },
    summary: "stated the problem",
  });

  const { changes, total } = await scientist.api.notifications.changed();
  expect(changes.map((change) => change.summary)).toEqual(["stated the problem", "proposed a version"]);
  expect(total).toBe(2);
  expect(changes[0]).toMatchObject({ isMine: true, target: { screen: "project" } });
  expect(changes[1]?.target).toBeNull();
  expect((await stranger.api.notifications.changed()).changes).toEqual([]);
});

test("a notice is read by its own person only", async ({ world }) => {
  const engineer = await world.member("R7");
  const other = await world.member("R7");
  const notice = {
    projectId: world.project.id,
    kind: "promotions.expired",
    entity: { kind: "deployment", id: newId() },
    title: "It closes tomorrow",
  };
  await notifyPeople(world.db, [
    { ...notice, userId: engineer.id, dedupeKey: "one" },
    { ...notice, userId: other.id, dedupeKey: "one" },
  ]);
  const [mine] = (await engineer.api.notifications.waiting()).notices;
  expect(mine).toMatchObject({ title: "It closes tomorrow", target: { screen: "deployments" } });
  if (!mine) throw new Error("The notice is missing.");
  expect(await other.api.notifications.markRead({ ids: [mine.id] })).toEqual({ marked: 0 });
  expect(await engineer.api.notifications.markRead({ ids: [mine.id] })).toEqual({ marked: 1 });
  expect((await engineer.api.notifications.waiting()).notices).toEqual([]);
  expect(await world.db.$count(notifications, eq(notifications.userId, other.id))).toBe(1);
});

test("the fleet counts the answers of the last day by hour; the project's page shows what serves and what is on its way", async ({
  world,
}) => {
  const engineer = await world.member("R7");
  const stranger = await world.member();
  const { model, version, environment } = await openPromotion(world, engineer.id);
  const deploymentId = newId();
  const place = { projectId: world.project.id, modelId: model, modelVersionId: version };
  for (const name of ["staging", "production"] as const) {
    const rows = await world.db.select().from(environments).where(eq(environments.projectId, world.project.id));
    const environmentId = rows.find((row) => row.name === name)?.id ?? environment.id;
    const id = name === "production" ? deploymentId : newId();
    await world.db.insert(deployments).values({
      ...place,
      id,
      number: name === "production" ? 11 : 10,
      environmentId,
      kind: "promotion",
      state: "active",
      activatedAt: at,
    });
  }
  const hoursAgo = (hours: number) => new Date((Math.floor(Date.now() / 3_600_000) - hours) * 3_600_000);
  const answered = (hours: number) => ({
    hour: hoursAgo(hours),
    deploymentId,
    projectId: world.project.id,
    latencyClass: latencyClassOf(4_000),
    rows: 1,
  });
  await world.db.insert(servingTraffic).values([answered(0), answered(23), answered(24)]);

  const [row] = await engineer.api.notifications.fleet();
  expect(row).toMatchObject({ version: 3, isStopped: false, traffic: { rows: 2 } });
  expect(row?.traffic?.p95Ms).toBeCloseTo(4, 0);
  expect(row?.traffic?.perHour.at(0)).toBe(1);
  expect(row?.traffic?.perHour.at(-1)).toBe(1);
  expect(row?.traffic?.perHour.reduce((sum, rows) => sum + rows, 0)).toBe(2);
  expect(await stranger.api.notifications.fleet()).toEqual([]);

  const activity = await engineer.api.notifications.activity({ projectId: world.project.id });
  expect(activity.stages.map((stage) => [stage.environment, stage.version])).toEqual([
    ["staging", 3],
    ["production", 3],
  ]);
  expect(activity.promotions.map((promotion) => promotion.number)).toEqual([7]);
  await expect(stranger.api.notifications.activity({ projectId: world.project.id })).rejects.toMatchObject({
    code: "NOT_FOUND",
  });
});

test("a standing that waits for a second administrator shows to the others, not to who asked", async ({ world }) => {
  const [first, second, person] = [await world.member(), await world.member(), await world.member("R3")];
  await world.db
    .update(users)
    .set({ standing: "ADM" })
    .where(inArray(users.id, [first.id, second.id]));
  await first.api.identity.setStanding({ userId: person.id, standing: "AUD" });
  await first.api.identity.grantRole({ projectId: world.project.id, userId: person.id, role: "R7" });
  const seen = async (member: typeof first) =>
    (await member.api.notifications.waiting()).grants.map(({ name, role, project }) => [name, role, project !== null]);
  expect(await seen(second)).toEqual([
    [person.name, "AUD", false],
    [person.name, "R7", true],
  ]);
  expect(await seen(first)).toEqual([]);
  expect(await seen(person)).toEqual([]);
});
