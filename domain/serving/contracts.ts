import { z } from "zod";
import { ENVIRONMENT_NAMES } from "../promotions/status";

const model = { modelId: z.uuid(), environment: z.enum(ENVIRONMENT_NAMES) };

export const recentPredictionsInput = z.object({ ...model, limit: z.number().int().min(1).max(200).default(50) });
export type RecentPredictions = z.infer<typeof recentPredictionsInput>;

export const trafficInput = z.object({
  ...model,
  /** How far back from now, by time of arrival. */
  minutes: z
    .number()
    .int()
    .min(1)
    .max(24 * 60)
    .default(60),
});
export type Traffic = z.infer<typeof trafficInput>;
