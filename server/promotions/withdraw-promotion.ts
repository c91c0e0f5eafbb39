import { eq } from "drizzle-orm";
import { promotions } from "@/db/schema/promotions";
import { AppError } from "@/domain/errors";
import type { WithdrawPromotion } from "@/domain/promotions/contracts";
import { canMove } from "@/domain/promotions/status";
import { closeApproval } from "../approvals/close-approval";
import { audit } from "../audit/audit-caller";
import { userIdOf } from "../authz/actor";
import type { Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { publishEvent } from "../notifications/publish-event";
import { lockPromotion } from "./promotion-facts";
import { promotionName } from "./record-decision";
import { nudgePromotion } from "./reopen-promotion";

/** Takes a proposal back: the proposer their own, an ML engineer any. `conflict` once it deploys or is decided. */
export async function withdrawPromotion(
  ctx: ServiceContext,
  scope: Scope<"promotions.withdraw">,
  input: WithdrawPromotion,
) {
  const caller = { ctx, scope };
  const refusal = await ctx.db.transaction(async (tx) => {
    const promotion = await lockPromotion(tx, scope.projectId, input.promotionId);
    const name = await promotionName(tx, promotion);
    const entity = { kind: "promotion", id: promotion.id };
    const isAnothers = scope.reach === "own" && promotion.proposedBy !== userIdOf(scope.actor);
    const refused = isAnothers
      ? new AppError("forbidden", "not_own", "Only who proposed it or an ML engineer may withdraw it.")
      : canMove(promotion.state, "withdrawn")
        ? null
        : new AppError("conflict", "closed", "It cannot be withdrawn any more.");
    if (refused) {
      await audit(tx, caller, {
        action: "promotions.withdraw_refused",
        entity,
        summary: `was refused to withdraw ${name}: ${refused.message}`,
        details: { reason: refused.reason },
      });
      return refused;
    }
    const at = ctx.clock();
    await tx
      .update(promotions)
      .set({ state: "withdrawn", reason: input.reason, closedAt: at })
      .where(eq(promotions.id, promotion.id));
    if (promotion.approvalId) await closeApproval(tx, promotion.approvalId, { state: "withdrawn", at });
    await audit(tx, caller, {
      action: "promotions.withdrawn",
      entity,
      summary: `withdrew ${name}`,
      details: { reason: input.reason },
    });
    await nudgePromotion(tx, promotion.id, ctx.requestId);
    await publishEvent(tx, scope.projectId, "promotions", promotion.id);
    return null;
  });
  if (refusal) throw refusal;
}
