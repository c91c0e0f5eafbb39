import { proxyActivities } from "@temporalio/workflow";
import type { CheckInput } from "@/domain/monitoring/workflow";
import { BOUNDED_RETRY } from "../retry";
import type { MonitoringActivities } from "./activities";

const { runMonitorCheck } = proxyActivities<MonitoringActivities>({
  startToCloseTimeout: "10 minutes",
  heartbeatTimeout: "10 seconds",
  cancellationType: "WAIT_CANCELLATION_COMPLETED",
  retry: BOUNDED_RETRY,
});

/** One check of a monitor, started by its schedule or by a person. Its result is for whoever looks into Temporal; the record is in Postgres. */
export async function monitorCheckWorkflow({ monitorId, isAsked }: CheckInput): Promise<string> {
  return runMonitorCheck({ monitorId, isAsked: isAsked === 1 });
}
