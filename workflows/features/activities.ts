import { Context } from "@temporalio/activity";
import { closeMaterialization, type MaterializationEnd } from "@/server/features/close-materialization";
import { CHUNK_ROWS, compareMaterialization, copyMaterialization } from "@/server/features/copy-materialization";
import { prepareMaterialization } from "@/server/features/prepare-materialization";
import type { WorkerServices } from "../activities";

const ALIVE_EVERY_MS = 2_000;

/** Reports the activity as alive while the work goes on. */
async function whileAlive<T>(work: () => Promise<T>): Promise<T> {
  const { heartbeat } = Context.current();
  const timer = setInterval(() => heartbeat(), ALIVE_EVERY_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}

/** The verbs of a copy to the online table. Each may be called again after a crash and goes on where it was. */
export function featureActivities({ ctx }: Pick<WorkerServices, "ctx">, chunkRows = CHUNK_ROWS) {
  const hooks = () => {
    const { heartbeat, cancellationSignal } = Context.current();
    return { onChunk: (rows: number) => heartbeat(rows), signal: cancellationSignal };
  };
  return {
    prepareMaterialization: (materializationId: string): Promise<void> =>
      whileAlive(() => prepareMaterialization(ctx, materializationId)),
    copyMaterialization: (materializationId: string): Promise<void> =>
      whileAlive(() => copyMaterialization(ctx, materializationId, hooks(), chunkRows)),
    compareMaterialization: (materializationId: string) =>
      whileAlive(() => compareMaterialization(ctx, materializationId, hooks())),
    closeMaterialization: (input: { readonly materializationId: string; readonly end: MaterializationEnd }) =>
      closeMaterialization(ctx, input.materializationId, input.end),
  };
}
export type FeatureActivities = ReturnType<typeof featureActivities>;
