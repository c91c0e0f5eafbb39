import { eq } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { promotions } from "@/db/schema/promotions";
import { canMove } from "@/domain/promotions/status";
import { closeApproval } from "../approvals/close-approval";
import { audit, type Caller } from "../audit/audit-caller";
import type { ServiceContext } from "../context";
import { notifyPeople } from "../notifications/notify-person";
import { publishEvent } from "../notifications/publish-event";
import { lockPromotion, type Promotion } from "./promotion-facts";
import { promotionName } from "./record-decision";
import { systemCaller } from "./system-caller";

/** Closes a promotion whose deadline has passed, in the caller's transaction. */
export async function expireIn(
  tx: Transaction,
  caller: Caller,
  { promotion, reason }: { readonly promotion: Promotion; readonly reason: string },
): Promise<void> {
  const at = caller.ctx.clock();
  const name = await promotionName(tx, promotion);
  await tx.update(promotions).set({ state: "expired", reason, closedAt: at }).where(eq(promotions.id, promotion.id));
  if (promotion.approvalId) await closeApproval(tx, promotion.approvalId, { state: "expired", at });
  await notifyPeople(tx, [
    {
      projectId: promotion.projectId,
      userId: promotion.proposedBy,
      kind: "promotions.expired",
      entity: { kind: "promotion", id: promotion.id },
      dedupeKey: `promotions.expired:${promotion.id}`,
      title: `Your proposal of ${name} has expired`,
    },
  ]);
  await audit(tx, caller, {
    action: "promotions.expired",
    entity: { kind: "promotion", id: promotion.id },
    summary: `let ${name} expire: ${reason}`,
    details: { reason },
  });
  await publishEvent(tx, promotion.projectId, "promotions", promotion.id);
}

/** Expires an open promotion after its deadline; earlier, or when it is decided, nothing happens. */
export async function expirePromotion(ctx: ServiceContext, promotionId: string): Promise<void> {
  const caller = await systemCaller(ctx, promotionId);
  await ctx.db.transaction(async (tx) => {
    const promotion = await lockPromotion(tx, caller.scope.projectId, promotionId);
    if (!canMove(promotion.state, "expired") || ctx.clock() < promotion.deadlineAt) return;
    await expireIn(tx, caller, { promotion, reason: "Not everybody signed before the deadline." });
  });
}
