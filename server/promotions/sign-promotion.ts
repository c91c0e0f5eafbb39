import { meaningsFor } from "@/domain/approvals/meanings";
import { AppError } from "@/domain/errors";
import type { SignPromotion } from "@/domain/promotions/contracts";
import { audit, type Caller } from "../audit/audit-caller";
import type { Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { lockPromotion } from "./promotion-facts";
import { promotionName, recordDecision } from "./record-decision";

/**
 * Signs a promotion as one of its required roles. The caller sends the evidence digest and the policy version that the
 * person was shown: where they are not current, `conflict`, an audit row and no signature. With the last signature
 * the waiting workflow deploys without another click.
 */
export async function signPromotion(ctx: ServiceContext, scope: Scope<"promotions.sign">, input: SignPromotion) {
  if (!meaningsFor("promotion", input.asRole).includes(input.meaning)) {
    await auditUnknownMeaning({ ctx, scope }, input);
    throw new AppError("invalid_input", "unknown_meaning", UNKNOWN_MEANING);
  }
  return recordDecision({ ctx, scope }, { ...input, decision: "approved" });
}

const UNKNOWN_MEANING = "Choose one of the meanings that a signature of this role can have.";

/** The refusal's audit row, alone; what is no promotion of the project is not found instead. */
async function auditUnknownMeaning(caller: Caller, { promotionId, asRole, meaning }: SignPromotion): Promise<void> {
  await caller.ctx.db.transaction(async (tx) => {
    const promotion = await lockPromotion(tx, caller.scope.projectId, promotionId);
    await audit(tx, caller, {
      action: "promotions.sign_refused",
      entity: { kind: "promotion", id: promotion.id },
      summary: `was refused to sign ${await promotionName(tx, promotion)}: ${UNKNOWN_MEANING}`,
      details: { asRole, meaning, reason: "unknown_meaning" },
    });
  });
}
