/** queued: waits for a worker. copying: the snapshot stands, rows are being written. */
export const MATERIALIZATION_STATES = ["queued", "copying", "succeeded", "failed"] as const;
export type MaterializationState = (typeof MATERIALIZATION_STATES)[number];

export const MATERIALIZATION_TRIGGERS = ["person", "import"] as const;
export type MaterializationTrigger = (typeof MATERIALIZATION_TRIGGERS)[number];
