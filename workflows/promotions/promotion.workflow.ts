import { condition, defineSignal, proxyActivities, setHandler } from "@temporalio/workflow";
import { NUDGE } from "@/domain/outbox";
import type { PromotionInput } from "@/domain/promotions/workflow";
import type { DeploymentActivities } from "../deployments/activities";
import { ENDLESS_RETRY } from "../retry";
import type { PromotionActivities } from "./activities";

const { nextPromotionAct, remindSigners, expirePromotion, beginDeployment } = proxyActivities<PromotionActivities>({
  startToCloseTimeout: "15 seconds",
  retry: ENDLESS_RETRY,
});
// Long ones say that they live: without, a dead worker would be noticed only after the whole time.
const { computeEvidence } = proxyActivities<PromotionActivities>({
  startToCloseTimeout: "10 minutes",
  heartbeatTimeout: "10 seconds",
  retry: ENDLESS_RETRY,
});
const { deliverDeployment } = proxyActivities<DeploymentActivities>({
  startToCloseTimeout: "10 minutes",
  heartbeatTimeout: "10 seconds",
  retry: ENDLESS_RETRY,
});

const nudged = defineSignal(NUDGE);

/** A clock of the database's host that runs behind must not make the wait spin. */
const SHORTEST_WAIT_MS = 20;

/**
 * Waits for a promotion: for its evidence, for people, for the gateways. The record says what comes next; a nudge only
 * makes it look again, so a lost or doubled one does no harm. The instants of reminders and of the deadline come from
 * the record as well.
 */
export async function promotionWorkflow({ promotionId }: PromotionInput): Promise<void> {
  let nudges = 0;
  setHandler(nudged, () => {
    nudges += 1;
  });
  for (;;) {
    const seen = nudges;
    const next = await nextPromotionAct(promotionId);
    if (next.act === "done") return;
    if (next.act === "wait") {
      await condition(() => nudges > seen, Math.max(SHORTEST_WAIT_MS, next.untilMs - Date.now()));
    } else if (next.act === "evaluate") {
      await computeEvidence(promotionId);
    } else if (next.act === "remind") {
      await remindSigners(promotionId);
    } else if (next.act === "expire") {
      await expirePromotion(promotionId);
    } else {
      const begun = await beginDeployment(promotionId);
      if (begun) await deliverDeployment(begun.deploymentId);
    }
  }
}
