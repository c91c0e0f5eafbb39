import { z } from "zod";
import { PROCESS_ROLES } from "../identity/roles";
import { ENVIRONMENT_NAMES, PROMOTION_STATES } from "./status";

const digest = z.string().regex(/^[0-9a-f]{64}$/, "A digest is 64 hexadecimal digits.");
const comment = z.string().trim().max(4_000);
const reasons = comment.min(1, "Reasons are needed.");
const environment = z.enum(ENVIRONMENT_NAMES);

export const proposePromotionInput = z.object({ modelVersionId: z.uuid(), environment, comment: comment.default("") });
export type ProposePromotion = z.infer<typeof proposePromotionInput>;

/** Digest and policy version are what the person was shown; if they are not current, nothing is signed. */
const shown = {
  promotionId: z.uuid(),
  asRole: z.enum(PROCESS_ROLES),
  evidenceDigest: digest,
  policyVersion: z.string().min(1).max(80),
};

export const signPromotionInput = z.object({
  ...shown,
  meaning: z.string().trim().min(1, "Say what your signature means.").max(300),
  comment: comment.default(""),
  /** Names of the inconclusive rules that the ML engineer judged and accepts. */
  acceptedRules: z.array(z.string().min(1).max(120)).max(20).default([]),
});
export type SignPromotion = z.infer<typeof signPromotionInput>;

export const returnPromotionInput = z.object({ ...shown, comment: reasons });
export type ReturnPromotion = z.infer<typeof returnPromotionInput>;

export const withdrawPromotionInput = z.object({ promotionId: z.uuid(), reason: reasons });
export type WithdrawPromotion = z.infer<typeof withdrawPromotionInput>;

export const publishPolicyInput = z.object({
  environment,
  holdoutDatasetVersionId: z.uuid(),
  /** The column that holds the label, or an expression over columns that gives it, such as `precipitation > 0`. */
  target: z.string().trim().min(1, "Name the label.").max(300),
  metric: z.string().trim().min(1).max(60),
  mlProblemVersion: z.number().int().positive(),
  isComparedWithCurrent: z.boolean().default(true),
  isValidationRequired: z.boolean().default(true),
  /** Empty: those that the project's risk class asks for. */
  requiredRoles: z.array(z.enum(PROCESS_ROLES)).max(7).default([]),
  /** Roles that must approve an experiment review of the version; empty: no review is asked for. */
  reviewRoles: z.array(z.enum(PROCESS_ROLES)).max(7).default([]),
});
export type PublishPolicy = z.infer<typeof publishPolicyInput>;

export const promotionsFilter = z.object({
  state: z.array(z.enum(PROMOTION_STATES)).max(8).optional(),
  environment: environment.optional(),
  modelId: z.uuid().optional(),
  cursor: z.uuid().nullish(),
});
export type PromotionsFilter = z.infer<typeof promotionsFilter>;
