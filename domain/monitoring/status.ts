/** active: its schedule runs. deleted: kept for the record, its schedule is gone. */
export const MONITOR_STATES = ["active", "paused", "deleted"] as const;
export type MonitorState = (typeof MONITOR_STATES)[number];

/** proposed: waits for its two signatures. active: what checks judge by. superseded: a newer version became active. */
export const THRESHOLD_STATES = ["proposed", "active", "superseded", "returned", "withdrawn", "expired"] as const;
export type ThresholdState = (typeof THRESHOLD_STATES)[number];

/** quality: labels against answers. inputs: drift, missing values, latency and failures, which only warn. */
export const CHECK_KINDS = ["quality", "inputs"] as const;
export type CheckKind = (typeof CHECK_KINDS)[number];

/** warn: something to look at that opens no alert. too_few: too few rows to say anything. */
export const CHECK_VERDICTS = ["pass", "fail", "warn", "too_few"] as const;
export type CheckVerdict = (typeof CHECK_VERDICTS)[number];

/** pending: the cause was seen. firing: people are told. resolved: a later window is at or above the floor. */
export const ALERT_STATES = ["pending", "firing", "resolved"] as const;
export type AlertState = (typeof ALERT_STATES)[number];

export const ALERT_EVENTS = ["pending", "firing", "still_firing", "acknowledged", "resolved"] as const;
export type AlertEventKind = (typeof ALERT_EVENTS)[number];

/** failed: the model or the gateway did not answer. refused: the request did not keep to the contract. */
export const FAILURE_KINDS = ["failed", "refused"] as const;
export type FailureKind = (typeof FAILURE_KINDS)[number];
