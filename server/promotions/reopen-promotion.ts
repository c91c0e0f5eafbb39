import { and, eq, inArray, ne } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { environments, promotions } from "@/db/schema/promotions";
import { PROMOTION_WORKFLOW, promotionWorkflowId } from "@/domain/promotions/workflow";
import { markOutdated } from "../approvals/mark-outdated";
import { audit, type Caller } from "../audit/audit-caller";
import { enqueue } from "../outbox/enqueue";
import { requestEvidenceOfProject } from "../reviews/request-evidence";
import { type Environment, orderOf, type Promotion } from "./promotion-facts";

/** Tells the waiting workflow to look again. */
export async function nudgePromotion(tx: Transaction, promotionId: string, requestId: string): Promise<void> {
  await enqueue(
    tx,
    {
      act: "nudge",
      workflow: PROMOTION_WORKFLOW,
      workflowId: promotionWorkflowId(promotionId),
      input: { promotionId },
    },
    requestId,
  );
}

/** Takes a waiting promotion back to evaluating: its signatures no longer count, and people read why. */
export async function reopenPromotion(
  tx: Transaction,
  caller: Caller,
  { promotion, reason }: { readonly promotion: Promotion; readonly reason: string },
) {
  const at = caller.ctx.clock();
  await tx.update(promotions).set({ state: "evaluating", reason }).where(eq(promotions.id, promotion.id));
  if (promotion.approvalId)
    await markOutdated(tx, { approvalId: promotion.approvalId, reason, at, state: "preparing" });
  await audit(tx, caller, {
    action: "promotions.reopened",
    entity: { kind: "promotion", id: promotion.id },
    summary: `took promotion #${promotion.number} back to evaluation: ${reason}`,
    details: { reason },
  });
  await nudgePromotion(tx, promotion.id, caller.ctx.requestId);
}

async function lockWaiting(
  tx: Transaction,
  where: { readonly environmentIds: readonly string[]; readonly modelId?: string; readonly except?: string },
) {
  return tx
    .select()
    .from(promotions)
    .where(
      and(
        inArray(promotions.environmentId, [...where.environmentIds]),
        eq(promotions.state, "waiting"),
        where.modelId ? eq(promotions.modelId, where.modelId) : undefined,
        where.except ? ne(promotions.id, where.except) : undefined,
      ),
    )
    .orderBy(promotions.id)
    .for("no key update");
}

/** A new policy: what waits in the environment is judged by it. What is being evaluated takes the newest anyway. */
export async function reopenForPolicy(
  tx: Transaction,
  caller: Caller,
  { environmentId, reason }: { readonly environmentId: string; readonly reason: string },
) {
  await requestEvidenceOfProject(tx, { projectId: caller.scope.projectId, requestId: caller.ctx.requestId });
  for (const promotion of await lockWaiting(tx, { environmentIds: [environmentId] }))
    await reopenPromotion(tx, caller, { promotion, reason });
}

/**
 * Another version serves in an environment: what waits for the same model there compared itself with the version
 * before, and what waits in the next environment may have lost its place.
 */
export async function reopenAfterChange(
  tx: Transaction,
  caller: Caller,
  change: {
    readonly environment: Environment;
    readonly modelId: string;
    readonly reason: string;
    readonly exceptPromotionId?: string;
  },
): Promise<void> {
  const { environment, modelId, reason, exceptPromotionId } = change;
  if (environment.name === "production")
    await requestEvidenceOfProject(tx, { projectId: caller.scope.projectId, requestId: caller.ctx.requestId });
  const later = await tx
    .select()
    .from(environments)
    .where(and(eq(environments.projectId, environment.projectId), eq(environments.requires, environment.name)));
  const waiting = await lockWaiting(tx, {
    environmentIds: [environment.id, ...later.map(({ id }) => id)],
    modelId,
    ...(exceptPromotionId && { except: exceptPromotionId }),
  });
  for (const promotion of waiting) {
    const next = later.find(({ id }) => id === promotion.environmentId);
    const order = next ? await orderOf(tx, next, { id: promotion.modelVersionId, modelId }) : null;
    if (!order?.isServing) await reopenPromotion(tx, caller, { promotion, reason });
  }
}
