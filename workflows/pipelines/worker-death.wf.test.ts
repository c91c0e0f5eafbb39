import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { eq } from "drizzle-orm";
import { afterEach, expect, vi } from "vitest";
import { experimentRuns } from "@/db/schema/experiments";
import { stepAttempts } from "@/db/schema/pipelines";
import { actorByToken } from "@/server/auth/authenticate";
import { livingProcesses } from "@/server/executors/process-table";
import { test } from "@/server/testing/world";
import { onTestServer, pushFiles, runWhenOver, stepOf } from "../testing/host";
import { startWorkerProcess, type WorkerProcess } from "../testing/worker-process";

/** A receiver that honours the key: calls count, entries are kept once a key. */
type Ledger = {
  readonly url: string;
  readonly calls: { readonly key: string; readonly token: string }[];
  readonly entries: Map<string, string>;
  readonly close: () => void;
};

async function openLedger(): Promise<Ledger> {
  const calls: { key: string; token: string }[] = [];
  const entries = new Map<string, string>();
  const server: Server = createServer((request, response) => {
    const key = String(request.headers["idempotency-key"]);
    calls.push({ key, token: String(request.headers["x-token"]) });
    if (!entries.has(key)) entries.set(key, String(request.headers["x-attempt"]));
    response.end(entries.get(key));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  return { url: `http://127.0.0.1:${port}/`, calls, entries, close: () => server.close() };
}

const PAY = `import os, subprocess, urllib.request
request = urllib.request.Request(os.environ["CS_PARAM_LEDGER"], method="POST", headers={
    "Idempotency-Key": os.environ["CS_IDEMPOTENCY_KEY"],
    "X-Attempt": os.environ["CS_ATTEMPT"],
    "X-Token": os.environ["MLFLOW_TRACKING_TOKEN"],
})
print("first entry by attempt", urllib.request.urlopen(request).read().decode(), flush=True)
if os.environ["CS_ATTEMPT"] == "1":
    subprocess.run(["sleep", "600"])
`;

const DEFINITION = `name: payment
kind: development
parameters:
  ledger: { type: string }
steps:
  pay:
    run: [python3, pay.py]
    experiment: payments
  after: { shell: 'true', needs: [pay] }
`;

const workers: WorkerProcess[] = [];
afterEach(async () => {
  for (const worker of workers.splice(0)) await worker.stop();
});

test("after kill -9 of the worker: two attempts, one entry, the old group is gone and its token refused", {
  timeout: 120_000,
}, async ({ world, service }) => {
  const ctx = onTestServer(service);
  const ledger = await openLedger();
  const engineer = await world.member("R7");
  const { pipelineId } = await pushFiles(world, engineer, { "pipeline.yaml": DEFINITION, "pay.py": PAY });
  const first = await startWorkerProcess(ctx);
  const { runId } = await engineer.api.pipelines.start({
    projectId: world.project.id,
    pipelineId,
    parameters: { ledger: ledger.url },
  });
  await vi.waitFor(() => expect(ledger.calls).toHaveLength(1), { timeout: 30_000 });
  const token = ledger.calls[0]?.token ?? "";
  expect(await actorByToken(service, token)).toMatchObject({ kind: "run", runId });
  const [attempt] = await world.db.select().from(stepAttempts).where(eq(stepAttempts.runId, runId));

  await first.kill();
  workers.push(await startWorkerProcess(ctx));
  const run = await runWhenOver(world, engineer, runId, 60_000);

  expect(run.state).toBe("succeeded");
  const { attempts } = stepOf(run, "pay");
  expect(attempts.map(({ state, reason }) => [state, reason])).toEqual([
    ["lost", "Its worker died."],
    ["succeeded", null],
  ]);
  expect(ledger.calls.map((call) => call.key)).toEqual([`${runId}/pay`, `${runId}/pay`]);
  expect([...ledger.entries]).toEqual([[`${runId}/pay`, "1"]]);
  expect(livingProcesses().filter((process) => process.group === attempt?.processGroup)).toEqual([]);
  expect(await actorByToken(service, token)).toBeNull();
  const experiments = await world.db
    .select()
    .from(experimentRuns)
    .where(eq(experimentRuns.pipelineRunId, runId))
    .orderBy(experimentRuns.createdAt);
  expect(experiments.map((row) => row.status)).toEqual(["KILLED", "FINISHED"]);
  expect(stepOf(run, "pay").experimentRunId).toBe(experiments[1]?.id);
  ledger.close();
});

test("a worker that is stopped hands its step back, and the next one finishes it", { timeout: 120_000 }, async ({
  world,
  service,
}) => {
  const ctx = onTestServer(service);
  const ledger = await openLedger();
  const engineer = await world.member("R7");
  const { pipelineId } = await pushFiles(world, engineer, { "pipeline.yaml": DEFINITION, "pay.py": PAY });
  const first = await startWorkerProcess(ctx);
  const { runId } = await engineer.api.pipelines.start({
    projectId: world.project.id,
    pipelineId,
    parameters: { ledger: ledger.url },
  });
  await vi.waitFor(() => expect(ledger.calls).toHaveLength(1), { timeout: 30_000 });
  await first.stop();
  const [attempt] = await world.db.select().from(stepAttempts).where(eq(stepAttempts.runId, runId));
  expect(attempt).toMatchObject({ state: "lost", reason: "The worker was stopped while the step ran." });
  expect(livingProcesses().filter((process) => process.group === attempt?.processGroup)).toEqual([]);
  workers.push(await startWorkerProcess(ctx));
  const run = await runWhenOver(world, engineer, runId, 60_000);
  expect(stepOf(run, "pay").attempts.map(({ state }) => state)).toEqual(["lost", "succeeded"]);
  ledger.close();
});
