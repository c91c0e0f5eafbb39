import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { historyFromJSON } from "@temporalio/common/lib/proto-utils";
import { bundleWorkflowCode, DefaultLogger, Runtime, Worker } from "@temporalio/worker";
import { beforeAll, expect, test } from "vitest";
import { workflowSource } from "./workers";

const FOLDER = path.resolve("workflows/histories");
const names = readdirSync(FOLDER).filter((name) => name.endsWith(".json"));

let code: string;
beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger("WARN") });
  const { workflowsPath = "", bundlerOptions } = workflowSource();
  ({ code } = await bundleWorkflowCode({ workflowsPath, ...bundlerOptions }));
});

/** A change of the order of commands breaks runs that are under way: it needs a patch marker. */
test.for(names)("%s replays as it was recorded", async (name) => {
  const history = historyFromJSON(JSON.parse(readFileSync(path.join(FOLDER, name), "utf8")));
  await expect(Worker.runReplayHistory({ workflowBundle: { code } }, history, name)).resolves.toBeUndefined();
});

test("there are histories of a success with retries, a failure, a cancellation and a dead worker", () => {
  const kinds = names.filter((name) => name.startsWith("pipelineRunWorkflow.")).map((name) => name.split(".")[1]);
  expect(kinds).toEqual(expect.arrayContaining(["cancelled", "dead-worker", "failed", "retried"]));
});
