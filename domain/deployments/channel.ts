/** The Postgres channel on which gateways hear that what they should serve has changed. It only wakes: they read the tables. */
export const DEPLOYMENTS_CHANNEL = "countersign_deployments";
