import { beginDeployment } from "@/server/promotions/begin-deployment";
import { computeEvidence } from "@/server/promotions/compute-evidence";
import { expirePromotion } from "@/server/promotions/expire-promotion";
import { nextActOf } from "@/server/promotions/next-act";
import { remindSigners } from "@/server/promotions/remind-signers";
import type { WorkerServices } from "../activities";

/** The verbs that a waiting promotion calls. Each may be called again after a crash. */
export function promotionActivities({ ctx }: Pick<WorkerServices, "ctx">) {
  return {
    nextPromotionAct: async (promotionId: string) => {
      const next = await nextActOf(ctx, promotionId);
      return next.act === "wait" ? { act: next.act, untilMs: next.until.getTime() } : { act: next.act };
    },
    computeEvidence: async (promotionId: string): Promise<void> => void (await computeEvidence(ctx, promotionId)),
    remindSigners: (promotionId: string) => remindSigners(ctx, promotionId),
    expirePromotion: (promotionId: string) => expirePromotion(ctx, promotionId),
    beginDeployment: (promotionId: string) => beginDeployment(ctx, promotionId),
  };
}
export type PromotionActivities = ReturnType<typeof promotionActivities>;
