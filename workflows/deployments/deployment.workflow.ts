import { proxyActivities } from "@temporalio/workflow";
import type { DeploymentInput } from "@/domain/deployments/workflow";
import { ENDLESS_RETRY } from "../retry";
import type { DeploymentActivities } from "./activities";

const { deliverDeployment } = proxyActivities<DeploymentActivities>({
  startToCloseTimeout: "10 minutes",
  heartbeatTimeout: "10 seconds",
  retry: ENDLESS_RETRY,
});

/** Brings a rollback to the gateways; a promotion's own workflow does the same for its deployment. */
export async function deploymentWorkflow({ deploymentId }: DeploymentInput): Promise<void> {
  await deliverDeployment(deploymentId);
}
