import { Context } from "@temporalio/activity";
import { beginDeployment } from "@/server/promotions/begin-deployment";
import { computeEvidence } from "@/server/promotions/compute-evidence";
import { expirePromotion } from "@/server/promotions/expire-promotion";
import { nextActOf } from "@/server/promotions/next-act";
import { remindSigners } from "@/server/promotions/remind-signers";
import type { WorkerServices } from "../activities";

const ALIVE_EVERY_MS = 2_000;

/** Reports the activity as alive while the work goes on. */
async function whileAlive<T>(work: () => Promise<T>): Promise<T> {
  const { heartbeat } = Context.current();
  const timer = setInterval(() => heartbeat(), ALIVE_EVERY_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}

/** The verbs that a waiting promotion calls. Each may be called again after a crash. */
export function promotionActivities({ ctx }: Pick<WorkerServices, "ctx">) {
  return {
    nextPromotionAct: async (promotionId: string) => {
      const next = await nextActOf(ctx, promotionId);
      return next.act === "wait" ? { act: next.act, untilMs: next.until.getTime() } : { act: next.act };
    },
    computeEvidence: (promotionId: string): Promise<void> =>
      whileAlive(async () => void (await computeEvidence(ctx, promotionId))),
    remindSigners: (promotionId: string) => remindSigners(ctx, promotionId),
    expirePromotion: (promotionId: string) => expirePromotion(ctx, promotionId),
    beginDeployment: (promotionId: string) => beginDeployment(ctx, promotionId),
  };
}
export type PromotionActivities = ReturnType<typeof promotionActivities>;
