import { proxyActivities } from "@temporalio/workflow";
import type { AlertInput } from "@/domain/monitoring/workflow";
import type { FeedbackActivities } from "../feedback/activities";
import { ENDLESS_RETRY } from "../retry";

const { routeAlert } = proxyActivities<FeedbackActivities>({
  startToCloseTimeout: "15 seconds",
  cancellationType: "WAIT_CANCELLATION_COMPLETED",
  retry: ENDLESS_RETRY,
});

/** Brings a firing alert to the people and the policy that answer it. */
export async function alertWorkflow(alert: AlertInput): Promise<void> {
  await routeAlert({ projectId: alert.projectId, alertId: alert.alertId });
}
