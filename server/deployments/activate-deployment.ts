import { and, eq } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { deployments } from "@/db/schema/deployments";
import { promotions } from "@/db/schema/promotions";
import { audit, type Caller } from "../audit/audit-caller";
import { recordLineage } from "../lineage/record-lineage";
import { notifyPeople } from "../notifications/notify-person";
import { publishEvent } from "../notifications/publish-event";
import { type Environment, type LoadedVersion, loadVersion, lockEnvironment } from "../promotions/promotion-facts";
import { reopenAfterChange } from "../promotions/reopen-promotion";
import { setDeployedAlias } from "../registry/set-deployed-alias";
import { wakeGateways } from "./open-deployment";
import type { SmokeResult } from "./smoke-test";

type Deployment = typeof deployments.$inferSelect;

/** The pending deployment under its environment's lock; null where it is no longer pending. */
export async function lockPending(
  tx: Transaction,
  caller: Caller,
  deployment: Pick<Deployment, "id" | "environmentId">,
) {
  const environment = await lockEnvironment(tx, caller.scope.projectId, { id: deployment.environmentId });
  const [row] = await tx.select().from(deployments).where(eq(deployments.id, deployment.id)).for("no key update");
  return row?.state === "pending" ? { environment, deployment: row } : null;
}

/** The version before gives way; its deployment stays in the history with its end. */
async function replaceActive(
  tx: Transaction,
  caller: Caller,
  next: { readonly deployment: Deployment; readonly environment: Environment; readonly version: LoadedVersion },
) {
  const { deployment, environment, version } = next;
  const [before] = await tx
    .update(deployments)
    .set({ state: "replaced", endedAt: caller.ctx.clock() })
    .where(
      and(
        eq(deployments.environmentId, environment.id),
        eq(deployments.modelId, deployment.modelId),
        eq(deployments.state, "active"),
      ),
    )
    .returning();
  if (!before) return null;
  const earlier = await loadReplaced(tx, before);
  await recordLineage(tx, deployment.projectId, [
    {
      from: { kind: "deployment", reference: before.id, label: `${earlier} in ${environment.name}` },
      to: { kind: "deployment", reference: deployment.id, label: `${version.name} in ${environment.name}` },
      kind: "replaces",
    },
  ]);
  return earlier;
}

async function loadReplaced(tx: Transaction, before: Deployment): Promise<string> {
  const row = await tx.query.modelVersions.findFirst({
    where: (table, { eq: is }) => is(table.id, before.modelVersionId),
    columns: { version: true },
  });
  const model = await tx.query.registeredModels.findFirst({
    where: (table, { eq: is }) => is(table.id, before.modelId),
    columns: { name: true },
  });
  return `${model?.name ?? "model"} v${row?.version ?? "?"}`;
}

async function closePromotion(
  tx: Transaction,
  caller: Caller,
  done: { readonly promotionId: string; readonly title: string },
) {
  const at = caller.ctx.clock();
  const [promotion] = await tx
    .update(promotions)
    .set({ state: "deployed", reason: null, closedAt: at })
    .where(eq(promotions.id, done.promotionId))
    .returning();
  if (!promotion) return;
  await notifyPeople(tx, [
    {
      projectId: promotion.projectId,
      userId: promotion.proposedBy,
      kind: "promotions.deployed",
      entity: { kind: "promotion", id: promotion.id },
      dedupeKey: `promotions.deployed:${promotion.id}`,
      title: done.title,
    },
  ]);
}

/**
 * Gives the traffic of an environment to a pending deployment that passed its smoke test, in one transaction: the
 * version before is replaced, the registry's alias follows, the promotion is deployed, what waits for the same model
 * is judged anew, gateways are woken. A repeated call does nothing.
 */
export async function activateDeployment(
  caller: Caller,
  pending: Pick<Deployment, "id" | "environmentId">,
  smoke: SmokeResult,
): Promise<void> {
  const { ctx, scope } = caller;
  await ctx.db.transaction(async (tx) => {
    const locked = await lockPending(tx, caller, pending);
    if (!locked) return;
    const { environment, deployment } = locked;
    const version = await loadVersion(tx, scope.projectId, deployment.modelVersionId);
    const earlier = await replaceActive(tx, caller, { deployment, environment, version });
    await tx
      .update(deployments)
      .set({ state: "active", activatedAt: ctx.clock(), smoke })
      .where(eq(deployments.id, deployment.id));
    await setDeployedAlias(tx, { modelId: deployment.modelId, alias: environment.name, modelVersionId: version.id });
    const title = `${version.name} serves in ${environment.name}`;
    if (deployment.promotionId) await closePromotion(tx, caller, { promotionId: deployment.promotionId, title });
    await reopenAfterChange(tx, caller, {
      environment,
      modelId: deployment.modelId,
      reason: `${title} now.`,
      ...(deployment.promotionId && { exceptPromotionId: deployment.promotionId }),
    });
    await audit(tx, caller, {
      action: "deployments.activated",
      entity: { kind: "deployment", id: deployment.id },
      summary: `put ${version.name} into ${environment.name}${earlier ? ` in place of ${earlier}` : ""}`,
      details: { digest: version.onnxSha256, kind: deployment.kind, promotionId: deployment.promotionId, smoke },
    });
    await wakeGateways(tx);
    await publishEvent(tx, scope.projectId, "deployments", deployment.id);
    if (deployment.promotionId) await publishEvent(tx, scope.projectId, "promotions", deployment.promotionId);
    await publishEvent(tx, scope.projectId, "registry", deployment.modelId);
  });
}
