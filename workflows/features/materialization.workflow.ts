import { proxyActivities, rootCause } from "@temporalio/workflow";
import type { MaterializationInput } from "@/domain/features/workflow";
import { BOUNDED_RETRY, ENDLESS_RETRY } from "../retry";
import type { FeatureActivities } from "./activities";

// Long ones say that they live: without, a dead worker would be noticed only after the whole time.
const { prepareMaterialization, copyMaterialization, compareMaterialization } = proxyActivities<FeatureActivities>({
  startToCloseTimeout: "6 hours",
  heartbeatTimeout: "10 seconds",
  cancellationType: "WAIT_CANCELLATION_COMPLETED",
  retry: BOUNDED_RETRY,
});
const { closeMaterialization } = proxyActivities<FeatureActivities>({
  startToCloseTimeout: "30 seconds",
  cancellationType: "WAIT_CANCELLATION_COMPLETED",
  retry: ENDLESS_RETRY,
});

/** Copies the newest values of a view to the online table, and compares both sides before it says that they agree. */
export async function materializationWorkflow({ materializationId }: MaterializationInput): Promise<void> {
  try {
    await prepareMaterialization(materializationId);
    await copyMaterialization(materializationId);
    const parity = await compareMaterialization(materializationId);
    await closeMaterialization({ materializationId, end: { state: "succeeded", parity } });
  } catch (error) {
    const reason = rootCause(error) ?? "It ended for a reason that is not known.";
    await closeMaterialization({ materializationId, end: { state: "failed", reason } });
  }
}
