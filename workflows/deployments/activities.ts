import { Context } from "@temporalio/activity";
import { deliverDeployment } from "@/server/deployments/deliver-deployment";
import type { WorkerServices } from "../activities";

/** How long gateways have to load a model file and say that they are ready. */
const READINESS_MS = 60_000;

export function deploymentActivities({ ctx }: Pick<WorkerServices, "ctx">, readinessMs = READINESS_MS) {
  return {
    /** Waits for the gateways, smoke-tests, then activates or fails the deployment. */
    deliverDeployment: (deploymentId: string) => {
      const { heartbeat, cancellationSignal } = Context.current();
      return deliverDeployment(ctx, deploymentId, {
        readinessMs,
        onWait: () => heartbeat(),
        signal: cancellationSignal,
      });
    },
  };
}
export type DeploymentActivities = ReturnType<typeof deploymentActivities>;
