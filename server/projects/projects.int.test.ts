import { eq } from "drizzle-orm";
import { expect } from "vitest";
import { auditEvents } from "@/db/schema/audit";
import { problemStatements } from "@/db/schema/projects";
import { test } from "../testing/world";

const problem = { goal: "Know tomorrow's wet days", kpiName: "Wet days missed", kpiBaseline: 48, kpiTarget: 33 };

test("a stakeholder states the problem; each change is a new version with an audit row", async ({ world }) => {
  const stakeholder = await world.member("R1");
  await stakeholder.api.projects.stateProblem({ projectId: world.project.id, ...problem });
  const second = await stakeholder.api.projects.stateProblem({
    projectId: world.project.id,
    ...problem,
    kpiTarget: 30,
  });
  expect(second.version).toBe(2);
  const rows = await world.db.select().from(auditEvents).where(eq(auditEvents.projectId, world.project.id));
  expect(rows.map((row) => row.action)).toEqual(["projects.problem_stated", "projects.problem_stated"]);
});

test("a data scientist may not state the problem: nothing is written but the attempt", async ({ world }) => {
  const scientist = await world.member("R3");
  await expect(scientist.api.projects.stateProblem({ projectId: world.project.id, ...problem })).rejects.toMatchObject({
    code: "FORBIDDEN",
  });
  expect(await world.db.$count(problemStatements, eq(problemStatements.projectId, world.project.id))).toBe(0);
  const rows = await world.db.select().from(auditEvents).where(eq(auditEvents.projectId, world.project.id));
  expect(rows).toMatchObject([{ action: "projects.edit_problem_refused", actorId: scientist.id }]);
});

test("a stranger learns only that there is no such project", async ({ world }) => {
  const stranger = await world.member();
  await expect(stranger.api.projects.stateProblem({ projectId: world.project.id, ...problem })).rejects.toMatchObject({
    code: "NOT_FOUND",
  });
});

test("two statements at once become versions 1 and 2", async ({ world }) => {
  const stakeholder = await world.member("R1");
  const state = () => stakeholder.api.projects.stateProblem({ projectId: world.project.id, ...problem });
  const versions = (await Promise.all([state(), state()])).map((result) => result.version);
  expect(versions.sort()).toEqual([1, 2]);
});
