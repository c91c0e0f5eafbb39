import { eq } from "drizzle-orm";
import { promotions } from "@/db/schema/promotions";
import { remindersOf } from "@/domain/promotions/policy";
import { audit } from "../audit/audit-caller";
import type { ServiceContext } from "../context";
import { publishEvent } from "../notifications/publish-event";
import { notifySigners } from "./notify-signers";
import { lockPromotion } from "./promotion-facts";
import { promotionName } from "./record-decision";
import { systemCaller } from "./system-caller";

/** Reminds those who can still sign, once per reminder instant; a repeated call at the same instant does nothing. */
export async function remindSigners(ctx: ServiceContext, promotionId: string): Promise<void> {
  const caller = await systemCaller(ctx, promotionId);
  await ctx.db.transaction(async (tx) => {
    const promotion = await lockPromotion(tx, caller.scope.projectId, promotionId);
    const now = ctx.clock();
    const due = remindersOf(promotion.createdAt, promotion.deadlineAt)
      .filter((at) => at <= now)
      .at(-1);
    if (promotion.state !== "waiting" || !due || (promotion.remindedAt && promotion.remindedAt >= due)) return;
    await tx.update(promotions).set({ remindedAt: now }).where(eq(promotions.id, promotion.id));
    const name = await promotionName(tx, promotion);
    const days = Math.max(0, Math.round((promotion.deadlineAt.getTime() - now.getTime()) / 86_400_000));
    const people = await notifySigners(tx, caller, {
      promotion,
      kind: "promotions.reminder",
      key: due.toISOString(),
      title: `${name} still waits for your signature, ${days === 1 ? "1 day" : `${days} days`} left`,
    });
    await audit(tx, caller, {
      action: "promotions.reminded",
      entity: { kind: "promotion", id: promotion.id },
      summary: `reminded ${people.length === 1 ? "1 person" : `${people.length} people`} of ${name}`,
      details: { people },
    });
    await publishEvent(tx, promotion.projectId, "notifications", promotion.id);
  });
}
