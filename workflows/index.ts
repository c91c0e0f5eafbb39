// Every workflow that a worker offers. Each domain adds one line.
export { deploymentWorkflow } from "./deployments/deployment.workflow";
export { materializationWorkflow } from "./features/materialization.workflow";
export { alertWorkflow } from "./monitoring/alert.workflow";
export { monitorCheckWorkflow } from "./monitoring/check.workflow";
export { monitorScheduleWorkflow } from "./monitoring/schedule.workflow";
export { pipelineRunWorkflow } from "./pipelines/run.workflow";
export { promotionWorkflow } from "./promotions/promotion.workflow";
export { reviewEvidenceWorkflow } from "./reviews/evidence.workflow";
