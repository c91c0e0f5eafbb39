import { readFileSync } from "node:fs";
import { eq } from "drizzle-orm";
import { afterAll, expect, vi } from "vitest";
import { pipelineRuns } from "@/db/schema/pipelines";
import { livingProcesses } from "@/server/executors/process-table";
import { closeRun } from "@/server/pipelines/close-run";
import { test as base } from "@/server/testing/world";
import { pushFiles, runWhen, runWhenOver, startTestHost, stepOf, type TestHost } from "../testing/host";
import { pipelineActivities } from "./activities";

let host: TestHost | undefined;
const test = base.extend<{ readonly host: TestHost }>({
  host: async ({ service }, use) => {
    host ??= await startTestHost(service, pipelineActivities);
    await use(host);
  },
});
afterAll(() => host?.stop());

/** Living processes whose command line holds the mark. */
function marked(mark: string): number {
  return livingProcesses().filter(({ pid }) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(mark);
    } catch {
      return false;
    }
  }).length;
}

test("cancelling ends a child of a child within ten seconds, and only then says cancelled", async ({
  world,
  host: _,
}) => {
  const engineer = await world.member("R7");
  const mark = `86399.${String(Date.now()).slice(-6)}`;
  // The grandchild leaves its parents and ignores the polite signal.
  const definition = `name: sleeper
kind: development
steps:
  deep:
    shell: |
      sh -c 'trap "" TERM; sh -c "trap \\"\\" TERM; sleep ${mark} & wait" & wait' &
      echo ready
      wait
  after: { shell: 'true', needs: [deep] }
`;
  const { pipelineId } = await pushFiles(world, engineer, { "pipeline.yaml": definition });
  const { runId } = await engineer.api.pipelines.start({ projectId: world.project.id, pipelineId });
  await vi.waitFor(() => expect(marked(mark)).toBeGreaterThan(0), { timeout: 20_000 });

  const asked = Date.now();
  await engineer.api.pipelines.cancel({ projectId: world.project.id, runId });
  const cancelling = await runWhen(world, engineer, { runId, isReached: (run) => run.state !== "running" });
  const run = await runWhenOver(world, engineer, runId);

  expect(Date.now() - asked).toBeLessThan(10_000);
  expect(marked(mark)).toBe(0);
  expect(["cancelling", "cancelled"]).toContain(cancelling.state);
  expect(run.state).toBe("cancelled");
  expect(stepOf(run, "deep").attempts.map(({ state, reason }) => [state, reason])).toEqual([
    ["cancelled", "The run was cancelled."],
  ]);
  expect(stepOf(run, "after").state).toBe("cancelled");
});

test("a run that is cancelled before its first step ends as cancelled", async ({ world, host: _ }) => {
  const engineer = await world.member("R7");
  const { pipelineId } = await pushFiles(world, engineer, {
    "pipeline.yaml": "name: short\nkind: development\nsteps:\n  a: { shell: 'sleep 30' }\n",
  });
  const { runId } = await engineer.api.pipelines.start({ projectId: world.project.id, pipelineId });
  await engineer.api.pipelines.cancel({ projectId: world.project.id, runId });
  const run = await runWhenOver(world, engineer, runId);
  expect(run.state).toBe("cancelled");
  expect(stepOf(run, "a").state).toBe("cancelled");
});

test("a run that is over is not closed again by a late word", async ({ world, service, host: _ }) => {
  const engineer = await world.member("R7");
  const { pipelineId } = await pushFiles(world, engineer, {
    "pipeline.yaml": "name: quick\nkind: development\nsteps:\n  a: { shell: 'true' }\n",
  });
  const { runId } = await engineer.api.pipelines.start({ projectId: world.project.id, pipelineId });
  await runWhenOver(world, engineer, runId);
  const executor = { run: () => Promise.reject(new Error("unused")), killLeftover: () => Promise.resolve() };
  await closeRun({ ctx: service, executor }, { runId, outcome: "failed", reason: "late" });
  const [row] = await world.db.select().from(pipelineRuns).where(eq(pipelineRuns.id, runId));
  expect(row).toMatchObject({ state: "succeeded", reason: null });
});
