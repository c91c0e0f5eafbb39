import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { and, eq } from "drizzle-orm";
import { create } from "tar";
import { expect } from "vitest";
import { auditEvents } from "@/db/schema/audit";
import { outbox } from "@/db/schema/outbox";
import { pipelineRunSteps, pipelineRuns } from "@/db/schema/pipelines";
import { BODY_LIMIT_BYTES } from "../http/limited-text";
import { serveHttp, tokenFor } from "../testing/http";
import { test as base, type Member, type World } from "../testing/world";
import { pushPipeline } from "./push-pipeline";

const DEFINITION = `name: typed
kind: production
parameters:
  c: { type: number, default: 1.5, description: Strength }
  from: { type: date }
steps:
  first: { shell: 'true' }
  second: { shell: 'true', needs: [first] }
`;

async function pushed(world: World): Promise<string> {
  const pusher = await world.member("R7");
  const folder = await mkdtemp(path.join(os.tmpdir(), "countersign-push-"));
  await writeFile(path.join(folder, "pipeline.yaml"), DEFINITION);
  const file = path.join(folder, "bundle.tgz");
  await create({ file, cwd: folder, gzip: true, portable: true }, ["pipeline.yaml"]);
  const scope = await pusher.scope("pipelines.push");
  const { pipelineId } = await pushPipeline(world.ctx, scope, {
    definition: "pipeline.yaml",
    dirty: true,
    archive: file,
  });
  await rm(folder, { recursive: true });
  return pipelineId;
}

type Start = (
  member: Member,
  parameters?: Record<string, string | number | boolean>,
) => ReturnType<Member["api"]["pipelines"]["start"]>;

const test = base.extend<{ readonly start: Start }>({
  start: async ({ world }, use) => {
    const pipelineId = await pushed(world);
    await use((member, parameters = { from: "2012-01-01" }) =>
      member.api.pipelines.start({ projectId: world.project.id, pipelineId, parameters }),
    );
  },
});

test("a run is written with its steps, its parameters completed by defaults, an audit row and the start in the outbox", async ({
  world,
  start,
}) => {
  const scientist = await world.member("R3");
  const { runId, number } = await start(scientist);
  const [run] = await world.db.select().from(pipelineRuns).where(eq(pipelineRuns.id, runId));
  expect(run).toMatchObject({
    state: "queued",
    number,
    startedBy: scientist.id,
    parameters: { c: 1.5, from: "2012-01-01" },
    datasets: {},
  });
  const steps = await world.db
    .select()
    .from(pipelineRunSteps)
    .where(eq(pipelineRunSteps.runId, runId))
    .orderBy(pipelineRunSteps.position);
  expect(steps.map((step) => [step.key, step.state])).toEqual([
    ["first", "pending"],
    ["second", "pending"],
  ]);
  const messages = (await world.db.select().from(outbox))
    .map((row) => row.message)
    .filter((message) => message.workflowId.endsWith(runId));
  expect(messages).toEqual([
    {
      act: "start",
      workflow: "pipelineRunWorkflow",
      queue: "steps",
      workflowId: `pipelines/run/${runId}`,
      input: { runId },
    },
  ]);
  const view = await scientist.api.pipelines.run({ projectId: world.project.id, number });
  expect(view.steps.map((step) => step.state)).toEqual(["queued", "pending"]);
});

test.for([
  ["a missing value", {}, /from has no default/],
  ["a date that is none", { from: "2012-02-30" }, /date such as/],
  ["a number as text", { from: "2012-01-01", c: "1" }, /Write a number/],
  ["a parameter that is not there", { from: "2012-01-01", d: 1 }, /no parameter d/],
] as const)("%s is refused and nothing is written", async ([, parameters, message], { world, start }) => {
  const scientist = await world.member("R3");
  await expect(start(scientist, { ...parameters })).rejects.toThrow(message);
  const isRefusal = and(
    eq(auditEvents.projectId, world.project.id),
    eq(auditEvents.action, "pipelines.start_refused"),
    eq(auditEvents.actorId, scientist.id),
  );
  expect(await world.db.$count(auditEvents, isRefusal)).toBe(1);
  expect(await world.db.$count(pipelineRuns, eq(pipelineRuns.projectId, world.project.id))).toBe(0);
});

test("roles that may not run are refused; a stranger learns nothing", async ({ world, start }) => {
  for (const role of ["R1", "R2", "R5"] as const)
    await expect(start(await world.member(role))).rejects.toMatchObject({ code: "FORBIDDEN" });
  await expect(start(await world.member())).rejects.toMatchObject({ code: "NOT_FOUND" });
  expect(await world.db.$count(pipelineRuns, eq(pipelineRuns.projectId, world.project.id))).toBe(0);
});

test("run again keeps the earlier parameters but those that are changed", async ({ world, start }) => {
  const scientist = await world.member("R3");
  const first = await start(scientist);
  const engineer = await world.member("R4");
  const second = await engineer.api.pipelines.rerun({
    projectId: world.project.id,
    runId: first.runId,
    parameters: { c: 9 },
  });
  const view = await engineer.api.pipelines.run({ projectId: world.project.id, number: second.number });
  expect(view).toMatchObject({
    rerunOf: first.number,
    startedById: engineer.id,
    parameters: { c: 9, from: "2012-01-01" },
  });
});

test("a data scientist cancels her own run only; an ML engineer any; the refusal is in the audit trail", async ({
  world,
  start,
}) => {
  const [ada, ben, mia] = [await world.member("R3"), await world.member("R3"), await world.member("R7")];
  const { runId } = await start(ada);
  const cancel = (member: Member) => member.api.pipelines.cancel({ projectId: world.project.id, runId });
  await expect(cancel(ben)).rejects.toMatchObject({
    code: "FORBIDDEN",
    message: "You may cancel only runs that you started.",
  });
  const [before] = await world.db.select().from(pipelineRuns).where(eq(pipelineRuns.id, runId));
  expect(before?.state).toBe("queued");
  const refused = await world.db
    .select()
    .from(auditEvents)
    .where(and(eq(auditEvents.entityId, runId), eq(auditEvents.action, "pipelines.cancel_refused")));
  expect(refused).toHaveLength(1);
  expect(await cancel(ada)).toEqual({ runId, state: "cancelling" });
  await expect(cancel(mia)).rejects.toMatchObject({ code: "PRECONDITION_FAILED" });
  const other = await start(ada);
  expect(await mia.api.pipelines.cancel({ projectId: world.project.id, runId: other.runId })).toMatchObject({
    state: "cancelling",
  });
});

test("two cancellations at once ask once", async ({ world, start }) => {
  const mia = await world.member("R7");
  const { runId } = await start(mia);
  const cancel = () => mia.api.pipelines.cancel({ projectId: world.project.id, runId });
  const results = await Promise.allSettled([cancel(), cancel()]);
  expect(results.filter((result) => result.status === "fulfilled")).toHaveLength(1);
  const messages = (await world.db.select().from(outbox)).filter(
    (row) => row.message.act === "cancel" && row.message.workflowId.endsWith(runId),
  );
  expect(messages).toHaveLength(1);
});

test("runs are listed newest first, a page at a time, and another project's run is not found", async ({
  world,
  start,
}) => {
  const mia = await world.member("R7");
  const numbers = [];
  for (let index = 0; index < 3; index += 1) numbers.push((await start(mia)).number);
  const page = await mia.api.pipelines.runs({ projectId: world.project.id, limit: 2 });
  expect(page).toMatchObject({
    hasMore: true,
    runs: [{ number: numbers[2] }, { number: numbers[1], steps: 2, stepsDone: 0 }],
  });
  const rest = await mia.api.pipelines.runs({ projectId: world.project.id, limit: 2, cursor: numbers[1] });
  expect(rest).toMatchObject({ hasMore: false, runs: [{ number: numbers[0] }] });
  const list = await mia.api.pipelines.list({ projectId: world.project.id });
  expect(list).toMatchObject([{ name: "typed", kind: "production", version: 1, steps: 2 }]);
  expect(list[0]?.recentRuns).toHaveLength(3);
  await expect(mia.api.pipelines.run({ projectId: world.project.id, number: 999 })).rejects.toMatchObject({
    code: "NOT_FOUND",
  });
});

test("the body of a start and of a run again is limited", async ({ world, start }) => {
  const scientist = await world.member("R3");
  const { runId } = await start(scientist);
  const token = await tokenFor(world.ctx, { userId: scientist.id, projectId: world.project.id });
  const http = await serveHttp(world.ctx);
  const body = " ".repeat(BODY_LIMIT_BYTES + 1);
  const runs = () => world.db.$count(pipelineRuns, eq(pipelineRuns.projectId, world.project.id));
  try {
    for (const path of ["pipelines/typed/runs", `pipeline-runs/${runId}/rerun`]) {
      const answer = await fetch(`${http.url}/api/v1/projects/${world.project.id}/${path}`, {
        method: "POST",
        headers: { authorization: `Bearer ${token}` },
        body,
      });
      expect([path, answer.status, await answer.json()]).toMatchObject([path, 413, { reason: "body_limit" }]);
    }
    expect(await runs()).toBe(1);
  } finally {
    await http.close();
  }
});
