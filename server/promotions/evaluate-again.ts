import { eq } from "drizzle-orm";
import { approvals } from "@/db/schema/approvals";
import { promotions } from "@/db/schema/promotions";
import { AppError } from "@/domain/errors";
import { audit } from "../audit/audit-caller";
import type { Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { publishEvent } from "../notifications/publish-event";
import { lockPromotion } from "./promotion-facts";
import { promotionName } from "./record-decision";
import { nudgePromotion } from "./reopen-promotion";

/** Asks for the evidence to be computed anew, say after a missing validation was run. Signatures stay where nothing differs. */
export async function evaluateAgain(
  ctx: ServiceContext,
  scope: Scope<"promotions.propose">,
  input: { readonly promotionId: string },
) {
  const caller = { ctx, scope };
  const refusal = await ctx.db.transaction(async (tx) => {
    const promotion = await lockPromotion(tx, scope.projectId, input.promotionId);
    const name = await promotionName(tx, promotion);
    const entity = { kind: "promotion", id: promotion.id };
    const [approval] = promotion.approvalId
      ? await tx.select().from(approvals).where(eq(approvals.id, promotion.approvalId)).for("no key update")
      : [];
    if (promotion.state !== "waiting" || approval?.state !== "open") {
      const refused = new AppError(
        "conflict",
        "not_waiting",
        "Only a promotion that waits for people can be evaluated again.",
      );
      await audit(tx, caller, {
        action: "promotions.evaluation_refused",
        entity,
        summary: `was refused another evaluation of ${name}: ${refused.message}`,
      });
      return refused;
    }
    await tx.update(promotions).set({ state: "evaluating" }).where(eq(promotions.id, promotion.id));
    await tx.update(approvals).set({ state: "preparing", evidenceDigest: null }).where(eq(approvals.id, approval.id));
    await audit(tx, caller, {
      action: "promotions.evaluation_requested",
      entity,
      summary: `asked for another evaluation of ${name}`,
    });
    await nudgePromotion(tx, promotion.id, ctx.requestId);
    await publishEvent(tx, scope.projectId, "promotions", promotion.id);
    return null;
  });
  if (refusal) throw refusal;
}
