import type { Transaction } from "@/db/client";
import type { LineageNode } from "@/domain/lineage/types";
import { type Window, windowName } from "@/domain/monitoring/windows";
import { recordLineage } from "../lineage/record-lineage";
import { type Monitor, monitorName } from "./record";
import type { VersionRows } from "./traffic";

/** Answers of one model in one environment and window: a node of its own, since single answers are too many. */
function predictionWindow(monitor: Monitor, window: Window): LineageNode {
  return {
    kind: "prediction_window",
    reference: `${monitor.modelId}:${monitor.environment}:${window.start.toISOString().slice(0, 10)}`,
    label: `Answers of ${monitorName(monitor)}, ${windowName(window.start)}`,
  };
}

export type CheckedWindow = {
  readonly monitor: Monitor;
  readonly window: Window;
  readonly versions: readonly Pick<VersionRows, "version" | "deploymentIds">[];
};

/** The deployments that answered, the window of their answers, and the check that looked at it. */
export async function linkCheck(tx: Transaction, checked: CheckedWindow, check: LineageNode): Promise<void> {
  const { monitor, window, versions } = checked;
  const answers = predictionWindow(monitor, window);
  const served = versions.flatMap(({ version, deploymentIds }) =>
    deploymentIds.map((reference) => ({
      from: {
        kind: "deployment" as const,
        reference,
        label: `${monitor.model} v${version} in ${monitor.environment}`,
      },
      to: answers,
      kind: "served" as const,
    })),
  );
  await recordLineage(tx, monitor.projectId, [...served, { from: answers, to: check, kind: "checked_by" }]);
}
