import { sql } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import type { LineageNode } from "@/domain/lineage/types";
import { type Window, windowName } from "@/domain/monitoring/windows";
import { recordLineage } from "../lineage/record-lineage";
import { type Monitor, monitorName } from "./record";
import { answersIn } from "./traffic";

/** Answers of one model in one environment and window: a node of its own, since single answers are too many. */
export function predictionWindow(monitor: Monitor, window: Window): LineageNode {
  return {
    kind: "prediction_window",
    reference: `${monitor.modelId}:${monitor.environment}:${window.start.toISOString().slice(0, 10)}`,
    label: `Answers of ${monitorName(monitor)}, ${windowName(window.start)}`,
  };
}

/** The deployments that answered, the window of their answers, and the check that looked at it. */
export async function linkCheck(
  tx: Transaction,
  { monitor, window, check }: { readonly monitor: Monitor; readonly window: Window; readonly check: LineageNode },
): Promise<void> {
  const deployments = await tx.execute<{ id: string; version: number }>(sql`
    select d.id, v.version from (select distinct p.deployment_id as id from predictions p where ${answersIn(monitor, window)}) as seen
    join deployments d on d.id = seen.id join model_versions v on v.id = d.model_version_id`);
  const answers = predictionWindow(monitor, window);
  await recordLineage(tx, monitor.projectId, [
    ...deployments.map(({ id, version }) => ({
      from: {
        kind: "deployment" as const,
        reference: id,
        label: `${monitor.model} v${version} in ${monitor.environment}`,
      },
      to: answers,
      kind: "served" as const,
    })),
    { from: answers, to: check, kind: "checked_by" },
  ]);
}
