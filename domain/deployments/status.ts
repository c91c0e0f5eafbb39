/** pending: gateways load it beside the active one. active: it gets the traffic. replaced, failed: it had its time, or never got it. */
export const DEPLOYMENT_STATES = ["pending", "active", "replaced", "failed"] as const;
export type DeploymentState = (typeof DEPLOYMENT_STATES)[number];
