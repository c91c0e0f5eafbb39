import { eq } from "drizzle-orm";
import { deployments } from "@/db/schema/deployments";
import { promotions } from "@/db/schema/promotions";
import { audit, type Caller } from "../audit/audit-caller";
import { notifyPeople } from "../notifications/notify-person";
import { publishEvent } from "../notifications/publish-event";
import { loadVersion } from "../promotions/promotion-facts";
import { lockPending } from "./activate-deployment";
import { wakeGateways } from "./open-deployment";
import type { SmokeResult } from "./smoke-test";

/** Ends a pending deployment that could not serve. The version before keeps serving; the promotion says why. */
export async function failDeployment(
  caller: Caller,
  pending: { readonly id: string; readonly environmentId: string },
  failure: { readonly reason: string; readonly smoke: SmokeResult | null },
): Promise<void> {
  const { ctx, scope } = caller;
  const { reason, smoke } = failure;
  await ctx.db.transaction(async (tx) => {
    const locked = await lockPending(tx, caller, pending);
    if (!locked) return;
    const { environment, deployment } = locked;
    const at = ctx.clock();
    const version = await loadVersion(tx, scope.projectId, deployment.modelVersionId);
    await tx
      .update(deployments)
      .set({ state: "failed", reason, smoke, endedAt: at })
      .where(eq(deployments.id, deployment.id));
    const [promotion] = deployment.promotionId
      ? await tx
          .update(promotions)
          .set({ state: "failed", reason, closedAt: at })
          .where(eq(promotions.id, deployment.promotionId))
          .returning()
      : [];
    const asked = promotion?.proposedBy ?? deployment.requestedBy;
    if (asked) {
      await notifyPeople(tx, [
        {
          projectId: scope.projectId,
          userId: asked,
          kind: "deployments.failed",
          entity: { kind: "deployment", id: deployment.id },
          dedupeKey: `deployments.failed:${deployment.id}`,
          title: `${version.name} did not reach ${environment.name}`,
        },
      ]);
    }
    await audit(tx, caller, {
      action: "deployments.failed",
      entity: { kind: "deployment", id: deployment.id },
      summary: `could not put ${version.name} into ${environment.name}: ${reason}`,
      details: { reason, smoke, promotionId: deployment.promotionId },
    });
    await wakeGateways(tx);
    await publishEvent(tx, scope.projectId, "deployments", deployment.id);
    if (promotion) await publishEvent(tx, scope.projectId, "promotions", promotion.id);
  });
}
