import { eq } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { environments, promotions } from "@/db/schema/promotions";
import { modelVersions, registeredModels } from "@/db/schema/registry";
import { AppError } from "@/domain/errors";
import { type NewSignOff, recordSignOff } from "../approvals/record-sign-off";
import { audit, type Caller } from "../audit/audit-caller";
import { publishEvent } from "../notifications/publish-event";
import { lockPromotion, type Promotion } from "./promotion-facts";
import { nudgePromotion } from "./reopen-promotion";

const WORDS = {
  approved: {
    done: "promotions.signed",
    refused: "promotions.sign_refused",
    verb: "signed",
    refusedVerb: "was refused to sign",
  },
  returned: {
    done: "promotions.returned",
    refused: "promotions.return_refused",
    verb: "returned",
    refusedVerb: "was refused to return",
  },
} as const;

/** "seattle-rain v7 for production": what audit rows call a promotion. */
export async function promotionName(tx: Transaction, promotion: Promotion): Promise<string> {
  const [row] = await tx
    .select({ model: registeredModels.name, version: modelVersions.version, environment: environments.name })
    .from(promotions)
    .innerJoin(modelVersions, eq(modelVersions.id, promotions.modelVersionId))
    .innerJoin(registeredModels, eq(registeredModels.id, promotions.modelId))
    .innerJoin(environments, eq(environments.id, promotions.environmentId))
    .where(eq(promotions.id, promotion.id));
  return row ? `${row.model} v${row.version} for ${row.environment}` : `promotion #${promotion.number}`;
}

export type DecisionInput = Omit<NewSignOff, "approvalId" | "at"> & { readonly promotionId: string };

/**
 * One decision of a person on a promotion. Everything happens in one transaction; a refusal writes its audit row alone
 * and is thrown after the commit. What was shown and is no longer current is a `conflict`.
 */
export async function recordDecision(caller: Caller, { promotionId, ...input }: DecisionInput) {
  const { ctx, scope } = caller;
  const words = WORDS[input.decision];
  const result = await ctx.db.transaction(async (tx) => {
    const promotion = await lockPromotion(tx, scope.projectId, promotionId);
    if (!promotion.approvalId) throw new AppError("not_found", "approval", "There is no such approval.");
    const name = await promotionName(tx, promotion);
    const at = ctx.clock();
    const signed = await recordSignOff(tx, scope, { ...input, approvalId: promotion.approvalId, at });
    const shown = { asRole: input.asRole, evidenceDigest: input.evidenceDigest, policyVersion: input.policyVersion };
    const entity = { kind: "promotion", id: promotion.id };
    if (signed.refusal) {
      const { reason, sentence } = signed.refusal;
      await audit(tx, caller, {
        action: words.refused,
        entity,
        summary: `${words.refusedVerb} ${name}: ${sentence}`,
        details: { ...shown, reason, current: signed.current },
      });
      return { ...signed, name };
    }
    if (signed.outcome === "returned") {
      await tx
        .update(promotions)
        .set({ state: "returned", reason: input.comment, closedAt: at })
        .where(eq(promotions.id, promotion.id));
    }
    await audit(tx, caller, {
      action: words.done,
      entity,
      summary: `${words.verb} ${name}`,
      details: {
        ...shown,
        meaning: input.meaning,
        comment: input.comment,
        acceptedRules: input.acceptedRules,
        outcome: signed.outcome,
        statementSha256: signed.statementSha256,
      },
    });
    if (signed.outcome !== "pending") await nudgePromotion(tx, promotion.id, ctx.requestId);
    await publishEvent(tx, scope.projectId, "promotions", promotion.id);
    return signed;
  });
  if (result.refusal) {
    throw new AppError(result.refusal.code, result.refusal.reason, result.refusal.sentence, {
      evidenceDigest: result.current.evidenceDigest,
      policyVersion: result.current.policyVersion,
    });
  }
  return { outcome: result.outcome, statementSha256: result.statementSha256 };
}
