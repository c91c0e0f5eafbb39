import type { ServiceContext } from "@/server/context";
import type { Executor } from "@/server/executors/executor";
import { deploymentActivities } from "./deployments/activities";
import { featureActivities } from "./features/activities";
import { feedbackActivities } from "./feedback/activities";
import { monitoringActivities } from "./monitoring/activities";
import { pipelineActivities } from "./pipelines/activities";
import { promotionActivities } from "./promotions/activities";
import { reviewActivities } from "./reviews/activities";

/** What activities may use: the services of the process, and the executor of steps. */
export type WorkerServices = { readonly ctx: ServiceContext; readonly executor: Executor };

/** The activities of all domains under their names. Each domain adds one line. */
export function createActivities(services: WorkerServices) {
  return {
    ...pipelineActivities(services),
    ...monitoringActivities(services),
    ...promotionActivities(services),
    ...reviewActivities(services),
    ...deploymentActivities(services),
    ...featureActivities(services),
    ...feedbackActivities(services),
  };
}
