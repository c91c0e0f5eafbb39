import { and, eq } from "drizzle-orm";
import { expect } from "vitest";
import { approvalSignOffs } from "@/db/schema/approvals";
import { auditEvents } from "@/db/schema/audit";
import { featureViewVersions } from "@/db/schema/features";
import { lineageNodes } from "@/db/schema/lineage";
import { notifications } from "@/db/schema/notifications";
import { canonicalDigest } from "../blobs/digest";
import { featureScene, signedByBoth, signView, VIEW } from "../testing/features";
import { type Member, test, World } from "../testing/world";

const actions = async (world: World) =>
  (
    await world.db
      .select({ action: auditEvents.action })
      .from(auditEvents)
      .where(eq(auditEvents.projectId, world.project.id))
      .orderBy(auditEvents.id)
  )
    .map((row) => row.action)
    .filter((action) => action.startsWith("features."));

test("a definition is version 1, its canonical text is the evidence, and two roles are asked", async ({ world }) => {
  const scene = await featureScene(world);
  const [row] = await world.db.select().from(featureViewVersions).where(eq(featureViewVersions.id, scene.view.id));
  expect(row?.definition.columns).toEqual([
    { name: "value", expression: "value", type: "integer" },
    { name: "doubled", expression: "value * 2", type: "integer" },
  ]);
  expect(canonicalDigest(row?.definition)).toEqual({ text: row?.definitionText, digest: row?.digest });
  const page = await scene.people.engineer.api.features.byName({ projectId: scene.projectId, name: VIEW.name });
  expect(page.versions[0]).toMatchObject({
    version: 1,
    isSigned: false,
    approval: { rules: { state: "open", requiredRoles: ["R3", "R4"], evidenceDigest: row?.digest } },
  });
  const asked = await world.db.select().from(notifications).where(eq(notifications.projectId, scene.projectId));
  expect(asked.map((notice) => notice.userId).toSorted()).toEqual(
    [scene.people.scientist.id, scene.people.engineer.id].toSorted(),
  );
  const nodes = await world.db
    .select({ kind: lineageNodes.kind, label: lineageNodes.label })
    .from(lineageNodes)
    .where(eq(lineageNodes.projectId, scene.projectId));
  expect(nodes).toContainEqual({ kind: "feature_view", label: "sensor_day v1" });
});

test.for([
  ["a column that is not there", { columns: [{ name: "x", expression: "wind" }] }, "There is no column wind"],
  ["an aggregate", { columns: [{ name: "x", expression: "max(value)" }] }, "The function max is not allowed"],
  ["a subquery", { columns: [{ name: "x", expression: "(select 1)" }] }, "subquery"],
  ["a text that is no number", { columns: [{ name: "x", expression: "sensor::integer" }] }, "could not be computed"],
  ["an event time that is none", { eventTimeColumn: "value" }, "value is integer; a time is a date or a timestamp"],
  ["an entity that is not there", { entityColumns: ["station"] }, "no column station"],
  ["a feature that is the entity", { columns: [{ name: "Sensor", expression: "value" }] }, "two columns named Sensor"],
] as const)("%s is refused", async ([, change, sentence], { world }) => {
  const scene = await featureScene(world);
  const input = { ...structuredClone(VIEW), ...structuredClone(change), name: "other" };
  await expect(
    scene.people.scientist.api.features.create({ projectId: scene.projectId, ...(input as never as typeof VIEW) }),
  ).rejects.toThrow(sentence);
  expect(await world.db.$count(featureViewVersions, eq(featureViewVersions.projectId, scene.projectId))).toBe(1);
});

test("two people sign; one person cannot sign for both, nor as a role that is not held", async ({ world }) => {
  const scene = await featureScene(world);
  const both = await world.member("R3", "R4");
  await signView(both, scene, { asRole: "R3" });
  await expect(signView(both, scene, { asRole: "R4" })).rejects.toMatchObject({ code: "FORBIDDEN" });
  await expect(signView(scene.people.scientist, scene, { asRole: "R4" })).rejects.toThrow("needs the role");
  await expect(signView(scene.people.mlEngineer, scene, { asRole: "R4" })).rejects.toMatchObject({ code: "FORBIDDEN" });
  expect(await signView(scene.people.engineer, scene, { asRole: "R4" })).toMatchObject({ outcome: "approved" });
  const page = await both.api.features.byName({ projectId: scene.projectId, name: VIEW.name });
  expect(page.versions[0]?.isSigned).toBe(true);
  expect(await actions(world)).toEqual([
    "features.view_defined",
    "features.signed",
    "features.sign_refused",
    "features.sign_refused",
    "features.sign_refused",
    "features.signed",
  ]);
});

test("it waits for whoever may sign it, and leaves their list with their signature", async ({ world }) => {
  const scene = await featureScene(world);
  const { scientist, engineer, mlEngineer } = scene.people;
  const waitingFor = async (member: Member) => (await member.api.notifications.waiting()).definitions;
  expect(await waitingFor(scientist)).toMatchObject([{ view: VIEW.name, version: 1, asRole: "R3" }]);
  expect(await waitingFor(mlEngineer)).toEqual([]);
  await signView(scientist, scene, { asRole: "R3" });
  expect(await waitingFor(scientist)).toEqual([]);
  expect(await waitingFor(engineer)).toMatchObject([{ view: VIEW.name, asRole: "R4" }]);
});

test("a digest that is no longer current is a conflict, with an audit row and no signature", async ({ world }) => {
  const scene = await featureScene(world);
  await expect(signView(scene.people.engineer, scene, { asRole: "R4", digest: "0".repeat(64) })).rejects.toMatchObject({
    code: "CONFLICT",
  });
  expect(await world.db.$count(approvalSignOffs, eq(approvalSignOffs.projectId, scene.projectId))).toBe(0);
  expect(await actions(world)).toContain("features.sign_refused");
});

test("a change is the next version and outdates what waits; the same again and a stale base are refused", async ({
  world,
}) => {
  const scene = await featureScene(world);
  const { scientist, engineer } = scene.people;
  await signView(scientist, scene, { asRole: "R3" });
  const { name: _, dataset: __, ...described } = structuredClone(VIEW);
  const change = (basedOn: number, timeToLiveSeconds: number) =>
    engineer.api.features.change({
      projectId: scene.projectId,
      viewId: scene.view.viewId,
      basedOn,
      ...described,
      timeToLiveSeconds,
    });
  await expect(change(1, VIEW.timeToLiveSeconds)).rejects.toThrow("says this already");
  expect(await change(1, 60)).toMatchObject({ version: 2 });
  await expect(change(1, 90)).rejects.toMatchObject({ code: "CONFLICT" });
  await expect(signView(engineer, scene, { asRole: "R4", version: 1 })).rejects.toThrow("decided already");
  await signedByBoth(scene, 2);
  const page = await engineer.api.features.byName({ projectId: scene.projectId, name: VIEW.name });
  expect(page.versions.map((version) => [version.version, version.approvalState])).toEqual([
    [2, "approved"],
    [1, "withdrawn"],
  ]);
});

test("two changes at once: one is saved", async ({ world }) => {
  const scene = await featureScene(world);
  const { name: _, dataset: __, ...described } = structuredClone(VIEW);
  const change = (timeToLiveSeconds: number) =>
    scene.people.engineer.api.features.change({
      projectId: scene.projectId,
      viewId: scene.view.viewId,
      basedOn: 1,
      ...described,
      timeToLiveSeconds,
    });
  const results = await Promise.allSettled([change(60), change(90)]);
  expect(results.filter((result) => result.status === "fulfilled")).toHaveLength(1);
  expect(await world.db.$count(featureViewVersions, eq(featureViewVersions.viewId, scene.view.viewId))).toBe(2);
});

test("a version is never changed, a hold-out gives no features, another project finds nothing", async ({
  world,
  service,
}) => {
  const scene = await featureScene(world);
  await expect(
    world.db
      .update(featureViewVersions)
      .set({ digest: "0" })
      .where(and(eq(featureViewVersions.id, scene.view.id))),
  ).rejects.toThrow();
  const { engineer } = scene.people;
  await engineer.api.data.create({ projectId: scene.projectId, name: "kept", isHoldout: true });
  await expect(
    engineer.api.features.create({
      projectId: scene.projectId,
      ...structuredClone(VIEW),
      name: "leak",
      dataset: "kept",
    }),
  ).rejects.toThrow("hold-out");
  const elsewhere = await World.create(service);
  const foreigner = await elsewhere.member("R3");
  await expect(signView(foreigner, { projectId: elsewhere.project.id }, { asRole: "R3" })).rejects.toMatchObject({
    code: "NOT_FOUND",
  });
  await expect(
    foreigner.api.features.sign({
      projectId: elsewhere.project.id,
      viewVersionId: scene.view.id,
      asRole: "R3",
      evidenceDigest: scene.view.digest,
      policyVersion: "feature definitions 1",
      meaning: "I have read this and approve it.",
    }),
  ).rejects.toMatchObject({ code: "NOT_FOUND" });
});
