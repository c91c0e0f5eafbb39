import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { Client } from "@temporalio/client";
import { create } from "tar";
import { vi } from "vitest";
import { isRunOver } from "@/domain/pipelines/status";
import type { ServiceContext } from "@/server/context";
import { localProcessExecutor } from "@/server/executors/local-process";
import { openTemporalClient } from "@/server/outbox/temporal-client";
import { type PushedPipeline, pushPipeline } from "@/server/pipelines/push-pipeline";
import { getRun } from "@/server/pipelines/run-page";
import type { Member, World } from "@/server/testing/world";
import type { WorkerServices } from "../activities";
import { startBackground } from "../background";
import { type Activities, createWorkers, installRuntime } from "../workers";

/** The context with the Temporal server that `npm test` started. */
export function onTestServer<C extends ServiceContext>(ctx: C): C {
  const address = process.env.COUNTERSIGN_TEST_TEMPORAL_ADDRESS;
  if (!address)
    throw new Error("Set COUNTERSIGN_TEST_TEMPORAL_ADDRESS to a Temporal server, or run `npm test`, which starts one.");
  return { ...ctx, config: { ...ctx.config, temporal: { ...ctx.config.temporal, address } } };
}

let isInstalled = false;

export type TestHost = { readonly client: Client; readonly stop: () => Promise<void> };

/** A worker in this process: all roles with the activities under test, the relay, the reconciler and the sealers. */
export async function startTestHost(
  service: ServiceContext,
  activitiesOf: (services: WorkerServices) => Activities,
): Promise<TestHost> {
  const ctx = onTestServer(service);
  if (!isInstalled) installRuntime(ctx);
  isInstalled = true;
  const services = { ctx, executor: localProcessExecutor(ctx) };
  const temporal = openTemporalClient(ctx.config);
  const workers = await createWorkers(ctx, activitiesOf(services));
  const running = workers.run();
  const background = await startBackground(services, temporal.client);
  return {
    client: temporal.client,
    stop: async () => {
      workers.stop();
      await running;
      await background.stop();
      await temporal.close();
    },
  };
}

/** Pushes files as a source bundle, the definition among them as `pipeline.yaml`. */
export async function pushFiles(
  world: World,
  member: Member,
  files: Readonly<Record<string, string>>,
  commit?: string,
): Promise<PushedPipeline> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "countersign-push-"));
  const archive = `${folder}.tgz`;
  try {
    for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, name), text);
    await create(
      { file: archive, cwd: folder, gzip: true, portable: true, mtime: new Date(0) },
      Object.keys(files).sort(),
    );
    const scope = await member.scope("pipelines.push");
    return await pushPipeline(world.ctx, scope, { definition: "pipeline.yaml", dirty: false, commit, archive });
  } finally {
    await rm(archive, { force: true });
    await rm(folder, { recursive: true, force: true });
  }
}

export type RunView = Awaited<ReturnType<typeof getRun>>;

/** The run once `isReached`; fails after `timeoutMs`. */
export async function runWhen(
  world: World,
  member: Member,
  wanted: { runId: string; isReached: (run: RunView) => boolean; timeoutMs?: number },
): Promise<RunView> {
  const scope = await member.scope("pipelines.read");
  return vi.waitFor(
    async () => {
      const run = await getRun(world.ctx, scope, { runId: wanted.runId });
      if (!wanted.isReached(run))
        throw new Error(
          `The run is ${run.state}; its steps: ${run.steps.map((step) => `${step.key} ${step.state}`).join(", ")}.`,
        );
      return run;
    },
    { timeout: wanted.timeoutMs ?? 30_000, interval: 50 },
  );
}

export function runWhenOver(world: World, member: Member, runId: string, timeoutMs = 30_000): Promise<RunView> {
  return runWhen(world, member, { runId, isReached: (run) => isRunOver(run.state), timeoutMs });
}

export function stepOf(run: RunView, key: string): RunView["steps"][number] {
  const step = run.steps.find((candidate) => candidate.key === key);
  if (!step) throw new Error(`The run has no step ${key}.`);
  return step;
}
