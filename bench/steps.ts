import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Client, Connection } from "@temporalio/client";
import { NativeConnection, Worker } from "@temporalio/worker";
import { create } from "tar";

/** A running product, and somebody who may push and run there. */
export type StepsPlace = {
  readonly url: string;
  readonly token: string;
  readonly projectId: string;
  readonly temporalAddress: string;
};

/** Milliseconds. `overhead` is what a step takes beyond its own process; `aboveBare` what of that is ours and not Temporal's. */
export type StepsFigures = {
  readonly perStep: number;
  readonly ownProcess: number;
  readonly overhead: number;
  readonly bare: number;
  readonly aboveBare: number;
};

export const STEPS_AIM = { aboveBare: 10, floor: 25 } as const;
const STEPS = 60;
const ROUNDS = 3;

/** Runs a chain of steps that do nothing, once to warm up; then, in rounds, bare Temporal, a bare process and the chain. Medians of the rounds. */
export async function benchSteps(place: StepsPlace): Promise<StepsFigures> {
  const pipeline = await pushChain(place);
  await runChain(place, pipeline);
  const rounds: { bare: number; ownProcess: number; perStep: number }[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    rounds.push({
      bare: await bareRoundTrip(place.temporalAddress),
      ownProcess: await ownProcessTime(),
      perStep: await runChain(place, pipeline),
    });
  }
  const middle = (key: "bare" | "ownProcess" | "perStep") =>
    rounds.map((round) => round[key]).sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? 0;
  const [bare, ownProcess, perStep] = [middle("bare"), middle("ownProcess"), middle("perStep")];
  const overhead = perStep - ownProcess;
  return { perStep, ownProcess, overhead, bare, aboveBare: overhead - bare };
}

async function call(place: StepsPlace, target: string, init: RequestInit = {}): Promise<unknown> {
  const answer = await fetch(`${place.url}/api/v1/projects/${place.projectId}/${target}`, {
    ...init,
    headers: { authorization: `Bearer ${place.token}`, "content-type": "application/json" },
  });
  if (!answer.ok) throw new Error(`${target} answered ${answer.status}: ${await answer.text()}`);
  return answer.json();
}

async function pushChain(place: StepsPlace): Promise<string> {
  const steps = Array.from(
    { length: STEPS },
    (_, index) => `  s${index}: { run: ["true"]${index === 0 ? "" : `, needs: [s${index - 1}]`} }`,
  );
  const folder = await mkdtemp(path.join(os.tmpdir(), "countersign-bench-"));
  try {
    await writeFile(
      path.join(folder, "pipeline.yaml"),
      `name: bench-chain\nkind: development\nsteps:\n${steps.join("\n")}\n`,
    );
    const archive = path.join(folder, "bundle.tgz");
    await create({ file: archive, cwd: folder, gzip: true, portable: true, mtime: new Date(0) }, ["pipeline.yaml"]);
    await call(place, "pipelines?dirty=true", { method: "POST", body: new Uint8Array(await readFile(archive)) });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return "bench-chain";
}

type Run = {
  readonly state: string;
  readonly reason: string | null;
  readonly steps: readonly { readonly finishedAt: string | null }[];
};

/** Milliseconds a step, between the ends of the first and the last one. */
async function runChain(place: StepsPlace, pipeline: string): Promise<number> {
  const { runId } = (await call(place, `pipelines/${pipeline}/runs`, { method: "POST", body: "{}" })) as {
    runId: string;
  };
  for (;;) {
    await sleep(500);
    const run = (await call(place, `pipeline-runs/${runId}`)) as Run;
    if (run.state === "failed" || run.state === "cancelled") throw new Error(`The chain ${run.state}: ${run.reason}`);
    if (run.state === "succeeded") {
      const ends = run.steps.map((step) => Date.parse(step.finishedAt ?? ""));
      return ((ends.at(-1) ?? 0) - (ends[0] ?? 0)) / (ends.length - 1);
    }
  }
}

async function ownProcessTime(): Promise<number> {
  const begun = performance.now();
  for (let index = 0; index < 20; index += 1) await once(spawn("true", { stdio: "ignore" }), "exit");
  return (performance.now() - begun) / 20;
}

async function bareRoundTrip(address: string): Promise<number> {
  const taskQueue = `bench-${process.pid}-${Date.now()}`;
  const native = await NativeConnection.connect({ address });
  const connection = await Connection.connect({ address });
  const workflowsPath = fileURLToPath(new URL("./bare.workflow.ts", import.meta.url));
  const worker = await Worker.create({
    connection: native,
    taskQueue,
    workflowsPath,
    activities: { nothing: () => Promise.resolve() },
  });
  const client = new Client({ connection });
  const perStep = await worker.runUntil(
    client.workflow.execute("bareChain", { taskQueue, workflowId: taskQueue, args: [STEPS] }),
  );
  await Promise.all([connection.close(), native.close()]);
  return perStep as number;
}

/** The figures as one line for people. */
export function stepsLine(figures: StepsFigures): string {
  const ms = (value: number) => `${value.toFixed(1)} ms`;
  return `sequential step: ${ms(figures.perStep)}, of which its own process ${ms(figures.ownProcess)}; overhead ${ms(figures.overhead)}, ${ms(figures.aboveBare)} above a bare Temporal round trip of ${ms(figures.bare)} (aim ${STEPS_AIM.aboveBare}, floor ${STEPS_AIM.floor})`;
}
