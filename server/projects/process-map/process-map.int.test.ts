import { eq, sql } from "drizzle-orm";
import { expect } from "vitest";
import { validationReports } from "@/db/schema/data";
import { ITEMS } from "@/domain/projects/process-map/items";
import { activated, inStaging, promotionScene, proposed, signed } from "../../testing/promotions";
import { type Member, test, World } from "../../testing/world";

async function mapFor(member: Member, projectId: string) {
  const map = await member.api.projects.processMap({ projectId });
  const stateOf = (id: string) => map.items.find((item) => item.id === id)?.state;
  const done = map.items.filter((item) => item.state === "done").map((item) => item.id as string);
  return { ...map, stateOf, done: new Set(done) };
}

test("an empty project has done nothing, and each item says who could do it", async ({ world }) => {
  const member = await world.member("R2");
  const map = await mapFor(member, world.project.id);
  expect(map.coverage).toMatchObject({ done: 0, begun: 0, total: 78 });
  expect(map.items).toHaveLength(ITEMS.length);
  for (const item of map.items)
    expect([item.id, item.artefactFound, item.note]).toEqual([item.id, null, expect.any(String)]);
  expect(map.arrows.map((arrow) => arrow.open)).toEqual(Array(9).fill(0));
  const stranger = await (await World.create(world.ctx)).member("R1");
  await expect(stranger.api.projects.processMap({ projectId: world.project.id })).rejects.toMatchObject({
    code: "NOT_FOUND",
  });
});

test("what the people of a project did is done, and reverts when its artefact goes", async ({ world }) => {
  const scene = await promotionScene(world);
  const { stakeholder, mlEngineer } = scene.people;
  const before = await mapFor(stakeholder, scene.projectId);
  expect([...before.done].sort()).toEqual(["A-01", "A-09", "A-10", "B-11"]);
  expect(before.stateOf("A-06")).toBe("begun");

  await inStaging(world, scene);
  const staged = await mapFor(stakeholder, scene.projectId);
  for (const id of ["D-06", "D-10", "D-12"]) expect([id, staged.stateOf(id)]).toEqual([id, "done"]);
  const approval = staged.items.find((item) => item.id === "D-10")?.artefactFound;
  expect(approval).toMatchObject({ kind: "promotion", signers: mlEngineer.name, missing: null });
  expect(approval?.target).toMatchObject({ screen: "promotion" });

  const next = await proposed(world, scene, { environment: "production" });
  await signed(mlEngineer, scene, { number: next.number, asRole: "R7" });
  await signed(stakeholder, scene, { number: next.number, asRole: "R1" });
  await activated(world, next.id);
  const live = await mapFor(stakeholder, scene.projectId);
  expect(live.items.find((item) => item.id === "D-12")?.artefactFound?.label).toContain("in production");
  // The first version replaced nothing.
  expect(live.stateOf("D-26")).toBe("not_yet");

  await world.db.delete(validationReports).where(eq(validationReports.projectId, scene.projectId));
  await world.db.execute(sql`update deployments set smoke = null where project_id = ${scene.projectId}`);
  const after = await mapFor(stakeholder, scene.projectId);
  expect([...live.done].filter((id) => !after.done.has(id)).sort()).toEqual(["A-10", "D-12"]);
  expect(after.coverage.done).toBe(live.coverage.done - 2);
});
