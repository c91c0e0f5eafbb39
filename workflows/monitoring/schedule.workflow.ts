import { defineSignal, proxyActivities, setHandler } from "@temporalio/workflow";
import type { ScheduleInput } from "@/domain/monitoring/workflow";
import { NUDGE } from "@/domain/outbox";
import { ENDLESS_RETRY } from "../retry";
import type { MonitoringActivities } from "./activities";

const { syncMonitorSchedule } = proxyActivities<MonitoringActivities>({
  startToCloseTimeout: "30 seconds",
  cancellationType: "WAIT_CANCELLATION_COMPLETED",
  retry: ENDLESS_RETRY,
});

const nudged = defineSignal(NUDGE);

/** Brings a monitor's schedule to what the record says; a change that comes meanwhile makes it look once more. */
export async function monitorScheduleWorkflow({ monitorId }: ScheduleInput): Promise<void> {
  let isAsked = true;
  setHandler(nudged, () => {
    isAsked = true;
  });
  while (isAsked) {
    isAsked = false;
    await syncMonitorSchedule(monitorId);
  }
}
