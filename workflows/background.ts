import type { Client } from "@temporalio/client";
import { sealAuditEvents } from "@/server/audit/seal-events";
import { startLoop } from "@/server/outbox/loop";
import { reconcileOnce } from "@/server/outbox/reconciler";
import { startRelay } from "@/server/outbox/relay";
import { sealStepLogs } from "@/server/pipelines/seal-step-logs";
import type { WorkerServices } from "./activities";

const SEAL_EVERY_MS = 1_000;
const RECONCILE_EVERY_MS = 30_000;

/** What a worker does beside its tasks: relay, reconciler, audit chain, sealed logs. Each may run in several workers at once. */
export async function startBackground(
  { ctx, executor }: WorkerServices,
  client: Client,
): Promise<{ readonly stop: () => Promise<void> }> {
  const relay = await startRelay(ctx, client);
  const loops = [
    startLoop(ctx, {
      name: "reconciler",
      everyMs: RECONCILE_EVERY_MS,
      work: async () => reconcileOnce({ ctx, client, executor }).then(() => false),
    }),
    startLoop(ctx, {
      name: "audit sealer",
      everyMs: SEAL_EVERY_MS,
      work: async () => (await sealAuditEvents(ctx)) > 0,
    }),
    startLoop(ctx, { name: "log sealer", everyMs: SEAL_EVERY_MS, work: async () => (await sealStepLogs(ctx)) > 0 }),
  ];
  return {
    stop: async () => {
      await Promise.all([relay.stop(), ...loops.map((loop) => loop.stop())]);
    },
  };
}
