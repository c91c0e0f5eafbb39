/** Type name, id and input of the workflow that brings a rollback to the gateways. */
export const DEPLOYMENT_WORKFLOW = "deploymentWorkflow";

export type DeploymentInput = { readonly deploymentId: string };

export function deploymentWorkflowId(deploymentId: string): string {
  return `deployments/deployment/${deploymentId}`;
}
