import { afterAll, describe, expect } from "vitest";
import { readLog } from "@/server/pipelines/read-log";
import { test } from "@/server/testing/world";
import { pushFiles, runWhenOver, startTestHost, stepOf, type TestHost } from "../testing/host";
import { pipelineActivities } from "./activities";

let host: TestHost | undefined;
const withHost = test.extend<{ readonly host: TestHost }>({
  host: async ({ service }, use) => {
    host ??= await startTestHost(service, pipelineActivities);
    await use(host);
  },
});
afterAll(() => host?.stop());

const PRODUCT_UNKNOWN = `name: weather-words
kind: development
parameters:
  greeting: { type: string, default: hello }
steps:
  seed:
    shell: 'printf "%s %s" "$CS_PARAM_GREETING" "$CS_STEP" > "$CS_OUTPUT_TEXT"'
    outputs: { text: file }
  left:
    shell: 'cat "$CS_INPUT_TEXT"; echo "{\\"side\\": \\"left\\"}" > "$CS_OUTPUT_REPORT"'
    inputs: { text: seed.text }
    outputs: { report: report }
  right:
    shell: 'echo "{\\"side\\": \\"right\\"}" > "$CS_OUTPUT_REPORT"'
    inputs: { text: seed.text }
    outputs: { report: report }
  flaky:
    run: [sh, flaky.sh]
    retries: { attempts: 3, delay: 50ms }
    needs: [seed]
  join:
    shell: 'cat "$CS_INPUT_LEFT" "$CS_INPUT_RIGHT"'
    inputs: { left: left.report, right: right.report }
    needs: [flaky]
`;

describe("a pipeline that the product does not know", () => {
  withHost(
    "runs parallel branches, a shell step, and a step that fails twice and then succeeds",
    async ({ world, host: _ }) => {
      const engineer = await world.member("R7");
      const flaky = 'if [ "$CS_ATTEMPT" -lt 3 ]; then echo "no luck"; exit 7; fi; echo "luck at $CS_ATTEMPT"\n';
      const pushed = await pushFiles(
        world,
        engineer,
        { "pipeline.yaml": PRODUCT_UNKNOWN, "flaky.sh": flaky },
        "abcdef1234567",
      );
      const { runId } = await engineer.api.pipelines.start({
        projectId: world.project.id,
        pipelineId: pushed.pipelineId,
        parameters: { greeting: "hi there" },
      });

      const run = await runWhenOver(world, engineer, runId);

      expect(run.state).toBe("succeeded");
      expect(run.steps.map((step) => step.state)).toEqual(Array(5).fill("succeeded"));
      expect(stepOf(run, "flaky").attempts.map((attempt) => [attempt.state, attempt.exitCode])).toEqual([
        ["failed", 7],
        ["failed", 7],
        ["succeeded", 0],
      ]);
      const left = stepOf(run, "left");
      const log = await readLog(world.ctx, await engineer.scope("pipelines.read"), {
        attemptId: left.attempts[0]?.id ?? "",
      });
      expect(log.text).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z hi there seed\n$/);
      expect(stepOf(run, "join").attempts[0]?.inputs.left?.sha256).toBe(left.attempts[0]?.outputs?.report?.sha256);
    },
  );

  withHost(
    "fails with the step's reason; what depends on it is skipped and another branch finishes",
    async ({ world, host: _ }) => {
      const engineer = await world.member("R6");
      const definition = `name: half
kind: development
steps:
  bad: { shell: 'echo "the disk is full" >&2; exit 3' }
  after: { shell: 'true', needs: [bad] }
  last: { shell: 'true', needs: [after] }
  other: { shell: 'true' }
`;
      const { pipelineId } = await pushFiles(world, engineer, { "pipeline.yaml": definition });
      const { runId } = await engineer.api.pipelines.start({ projectId: world.project.id, pipelineId });
      const run = await runWhenOver(world, engineer, runId);
      expect(run).toMatchObject({ state: "failed", reason: "bad failed." });
      expect(run.steps.map((step) => [step.key, step.state])).toEqual([
        ["bad", "failed"],
        ["after", "skipped"],
        ["last", "skipped"],
        ["other", "succeeded"],
      ]);
      expect(stepOf(run, "bad").reason).toMatch(/exit code 3.*the disk is full/);
    },
  );

  withHost("ends a step that runs longer than its limit", async ({ world, host: _ }) => {
    const engineer = await world.member("R6");
    const definition = "name: slow\nkind: development\nsteps:\n  wait: { shell: 'sleep 60', timeout: 300ms }\n";
    const { pipelineId } = await pushFiles(world, engineer, { "pipeline.yaml": definition });
    const { runId } = await engineer.api.pipelines.start({ projectId: world.project.id, pipelineId });
    const run = await runWhenOver(world, engineer, runId);
    expect(run.state).toBe("failed");
    expect(stepOf(run, "wait").attempts.map((attempt) => attempt.state)).toEqual(["timed_out"]);
  });
});
