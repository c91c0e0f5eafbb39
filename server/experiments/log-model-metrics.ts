import { and, eq } from "drizzle-orm";
import type { Database } from "@/db/client";
import { loggedModels } from "@/db/schema/experiments";
import type { IncomingMetric, LoggedModelMetric } from "@/domain/experiments/types";
import { doubleOf, toWire } from "@/domain/experiments/wire-double";

/**
 * Keeps the latest point of each metric with the logged model that it was measured for. The point itself
 * may be in the run's history already (the client logs it a second time, with the model's id).
 */
export async function logModelMetrics(
  db: Database,
  projectId: string,
  metrics: readonly IncomingMetric[],
): Promise<void> {
  const ids = [...new Set(metrics.flatMap((metric) => (metric.modelId ? [metric.modelId] : [])))].sort();
  await db.transaction(async (tx) => {
    for (const id of ids) {
      const isModel = and(eq(loggedModels.id, id), eq(loggedModels.projectId, projectId));
      const [model] = await tx
        .select({ metrics: loggedModels.metrics })
        .from(loggedModels)
        .where(isModel)
        .for("no key update");
      if (!model) continue;
      const merged: Record<string, LoggedModelMetric> = { ...model.metrics };
      for (const metric of metrics.filter((candidate) => candidate.modelId === id)) {
        const point = { value: toWire(metric.value), timestamp: metric.timestamp, step: metric.step };
        const before = merged[metric.key];
        if (!before || isLater(point, before)) merged[metric.key] = point;
      }
      await tx.update(loggedModels).set({ metrics: merged }).where(isModel);
    }
  });
}

function isLater(a: LoggedModelMetric, b: LoggedModelMetric): boolean {
  if (a.step !== b.step) return a.step > b.step;
  if (a.timestamp !== b.timestamp) return a.timestamp > b.timestamp;
  return (doubleOf(a.value) ?? 0) > (doubleOf(b.value) ?? 0);
}
