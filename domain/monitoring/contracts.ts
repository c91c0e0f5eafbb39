import { z } from "zod";
import { PROCESS_ROLES } from "../identity/roles";
import { ENVIRONMENT_NAMES } from "../promotions/status";
import { MONITOR_METRICS } from "./quality";
import { ALERT_STATES } from "./status";

/** At most so many labels in one request. */
export const MOST_LABELS = 10_000;
export const DEFAULT_INTERVAL_SECONDS = 300;
export const DEFAULT_COVERAGE = 0.95;

/** The label as it travels. `event_time` is when the truth became known; absent means arrival. */
export const labelInput = z.object({
  request_id: z.uuid(),
  row: z.number().int().min(0).max(1_000_000).default(0),
  value: z.union([
    z.number().finite(),
    z
      .string()
      .max(1_000)
      .refine((text) => !text.includes("\0"), "Text may not hold a NUL."),
    z.boolean(),
  ]),
  event_time: z.union([z.string().max(40), z.number()]).optional(),
});
export const labelsInput = z.array(labelInput).min(1, "Send at least one label.").max(MOST_LABELS);

const share = z.number().min(0).max(1);
const reason = z.string().trim().max(4_000);

export const limitsInput = z.object({
  qualityFloor: z.number().finite(),
  driftLimit: z.number().min(0).max(10).default(0.2),
  missingLimit: share.nullable().default(null),
  latencyLimitMs: z.number().positive().max(600_000).nullable().default(null),
  failureLimit: share.nullable().default(null),
});

export const createMonitorInput = z.object({
  modelId: z.uuid(),
  environment: z.enum(ENVIRONMENT_NAMES),
  metric: z.enum(MONITOR_METRICS),
  labelDelayDays: z.number().int().min(0).max(366).default(0),
  minimumCoverage: z.number().gt(0).max(1).default(DEFAULT_COVERAGE),
  intervalSeconds: z.number().int().min(1).max(86_400).default(DEFAULT_INTERVAL_SECONDS),
  ownerId: z.uuid(),
  limits: limitsInput,
  reason: reason.default(""),
});
export type CreateMonitor = z.infer<typeof createMonitorInput>;

export const monitorInput = z.object({ monitorId: z.uuid() });
export const monitorNumberInput = z.object({ number: z.number().int().positive() });

export const changeMonitorInput = z.object({
  monitorId: z.uuid(),
  act: z.enum(["pause", "resume", "delete", "update"]),
  ownerId: z.uuid().optional(),
  intervalSeconds: z.number().int().min(1).max(86_400).optional(),
});
export type ChangeMonitor = z.infer<typeof changeMonitorInput>;

export const proposeThresholdInput = z.object({
  monitorId: z.uuid(),
  limits: limitsInput,
  reason: reason.min(1, "Say why."),
});
export type ProposeThreshold = z.infer<typeof proposeThresholdInput>;

/** Digest and policy version are what the person was shown; if they are not current, nothing is signed. */
export const decideThresholdInput = z.object({
  thresholdId: z.uuid(),
  asRole: z.enum(PROCESS_ROLES),
  decision: z.enum(["approved", "returned"]).default("approved"),
  evidenceDigest: z.string().regex(/^[0-9a-f]{64}$/, "A digest is 64 hexadecimal digits."),
  policyVersion: z.string().min(1).max(80),
  /** What the signature means; a return says its reasons instead. */
  meaning: z.string().trim().max(300).default(""),
  comment: reason.default(""),
});
export type DecideThreshold = z.infer<typeof decideThresholdInput>;

export const withdrawThresholdInput = z.object({ thresholdId: z.uuid() });

export const acknowledgeInput = z.object({ alertId: z.uuid(), comment: reason.default("") });
export type Acknowledge = z.infer<typeof acknowledgeInput>;

export const alertsFilter = z.object({
  state: z.array(z.enum(ALERT_STATES)).max(3).optional(),
  monitorId: z.uuid().optional(),
});
export type AlertsFilter = z.infer<typeof alertsFilter>;
