// Every workflow that a worker offers. Each domain adds one line.
export { deploymentWorkflow } from "./deployments/deployment.workflow";
export { pipelineRunWorkflow } from "./pipelines/run.workflow";
export { promotionWorkflow } from "./promotions/promotion.workflow";
