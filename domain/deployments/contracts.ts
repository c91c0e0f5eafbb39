import { z } from "zod";

const reason = z.string().trim().min(1, "A reason is needed.").max(2_000);

export const rollBackInput = z.object({
  environment: z.enum(["staging", "production"]),
  modelId: z.uuid(),
  /** A deployment that served in this environment before; its version comes back. */
  deploymentId: z.uuid(),
  reason,
});
export type RollBack = z.infer<typeof rollBackInput>;

export const trafficInput = z.object({ environment: z.enum(["staging", "production"]), modelId: z.uuid(), reason });
export type TrafficInput = z.infer<typeof trafficInput>;

export const deploymentHistoryFilter = z.object({
  environment: z.enum(["staging", "production"]),
  modelId: z.uuid(),
  cursor: z.uuid().nullish(),
});
export type DeploymentHistoryFilter = z.infer<typeof deploymentHistoryFilter>;
