import { and, eq, isNull } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { approvalSignOffs, approvals } from "@/db/schema/approvals";
import { deployments } from "@/db/schema/deployments";
import { memberships, users } from "@/db/schema/identity";
import { promotionEvidence, promotions } from "@/db/schema/promotions";
import { executionChange } from "@/domain/promotions/policy";
import { markOutdated } from "../approvals/mark-outdated";
import { audit, type Caller } from "../audit/audit-caller";
import { sha256 } from "../blobs/digest";
import type { ServiceContext } from "../context";
import { openDeployment } from "../deployments/open-deployment";
import { publishEvent } from "../notifications/publish-event";
import { evaluateWhereOther } from "./evaluate-reviewed";
import { expireIn } from "./expire-promotion";
import { notifySigners } from "./notify-signers";
import {
  currentPolicy,
  type Environment,
  loadVersion,
  lockEnvironment,
  lockPromotion,
  orderOf,
  type Promotion,
  servingVersion,
} from "./promotion-facts";
import { promotionName } from "./record-decision";
import { reopenPromotion } from "./reopen-promotion";
import { systemCaller } from "./system-caller";

type Approval = typeof approvals.$inferSelect;

/** Signers of the current evidence who no longer hold the role that they signed for, or whose account is deactivated. */
async function signersWithoutRole(tx: Transaction, approval: Approval) {
  const rows = await tx
    .select({ userId: users.id, name: users.name, role: memberships.role, deactivatedAt: users.deactivatedAt })
    .from(approvalSignOffs)
    .innerJoin(users, eq(users.id, approvalSignOffs.userId))
    .leftJoin(
      memberships,
      and(
        eq(memberships.projectId, approvalSignOffs.projectId),
        eq(memberships.userId, users.id),
        eq(memberships.role, approvalSignOffs.asRole),
      ),
    )
    .where(and(eq(approvalSignOffs.approvalId, approval.id), isNull(approvalSignOffs.outdatedAt)));
  return rows.filter((row) => row.role === null || row.deactivatedAt !== null);
}

async function changeSince(
  tx: Transaction,
  { ctx }: Caller,
  subject: { readonly promotion: Promotion; readonly approval: Approval; readonly environment: Environment },
) {
  const { promotion, approval, environment } = subject;
  const [policy, serving, order, [evidence], lost] = await Promise.all([
    currentPolicy(tx, environment.id),
    servingVersion(tx, environment.id, promotion.modelId),
    orderOf(tx, environment, { id: promotion.modelVersionId, modelId: promotion.modelId }),
    tx
      .select({ text: promotionEvidence.text })
      .from(promotionEvidence)
      .where(
        and(
          eq(promotionEvidence.promotionId, promotion.id),
          eq(promotionEvidence.digest, approval.evidenceDigest ?? ""),
        ),
      ),
    signersWithoutRole(tx, approval),
  ]);
  const change = executionChange({
    now: ctx.clock(),
    deadlineAt: promotion.deadlineAt,
    isEvidenceCurrent: evidence !== undefined && sha256(evidence.text) === approval.evidenceDigest,
    isPolicyCurrent: policy?.id === promotion.policyVersionId,
    isBaselineCurrent: (serving?.modelVersionId ?? null) === promotion.baselineVersionId,
    isOrderKept: order?.isServing ?? true,
    signersWithoutRole: lost.map(({ name }) => name),
  });
  return change ? { ...change, lost } : null;
}
type Change = NonNullable<Awaited<ReturnType<typeof changeSince>>>;

async function takeBack(
  tx: Transaction,
  caller: Caller,
  back: { readonly promotion: Promotion; readonly approval: Approval; readonly change: Change },
): Promise<void> {
  const { promotion, approval, change } = back;
  if (change.next === "expire") return expireIn(tx, caller, { promotion, reason: change.sentence });
  if (change.next === "evaluate") {
    await reopenPromotion(tx, caller, { promotion, reason: change.sentence });
  } else {
    const name = await promotionName(tx, promotion);
    const userIds = change.lost.map(({ userId }) => userId);
    await markOutdated(tx, {
      approvalId: approval.id,
      reason: change.sentence,
      at: caller.ctx.clock(),
      state: "open",
      userIds,
    });
    await tx.update(promotions).set({ reason: change.sentence }).where(eq(promotions.id, promotion.id));
    await audit(tx, caller, {
      action: "promotions.reopened",
      entity: { kind: "promotion", id: promotion.id },
      summary: `took ${name} back to waiting: ${change.sentence}`,
      details: { reason: change.sentence, outdatedSigners: userIds },
    });
    await notifySigners(tx, caller, {
      promotion,
      kind: "promotions.asked",
      key: `${approval.evidenceDigest}:${userIds.join(",")}`,
      title: `${name} asks for your signature again`,
    });
  }
  await publishEvent(tx, promotion.projectId, "promotions", promotion.id);
}

/**
 * Begins the deployment of an approved promotion. Under the environment's row lock everything that was signed is checked
 * again: evidence, policy, the version that serves, the environment before, the signers' roles, the deadline. A
 * difference takes the promotion back, and the signatures that it touches no longer count. A repeated call finds the
 * deployment that the first one began. Null: nothing to deliver now.
 */
export async function beginDeployment(
  ctx: ServiceContext,
  promotionId: string,
): Promise<{ readonly deploymentId: string } | null> {
  const caller = await systemCaller(ctx, promotionId);
  const { projectId } = caller.scope;
  return ctx.db.transaction(async (tx) => {
    const [found] = await tx
      .select({ environmentId: promotions.environmentId })
      .from(promotions)
      .where(eq(promotions.id, promotionId));
    const environment = await lockEnvironment(tx, projectId, { id: found?.environmentId ?? "" });
    const promotion = await lockPromotion(tx, projectId, promotionId);
    const [pending] = await tx
      .select({ id: deployments.id, promotionId: deployments.promotionId })
      .from(deployments)
      .where(
        and(
          eq(deployments.environmentId, environment.id),
          eq(deployments.modelId, promotion.modelId),
          eq(deployments.state, "pending"),
        ),
      );
    if (promotion.state === "deploying" && pending?.promotionId === promotion.id) return { deploymentId: pending.id };
    const [approval] = promotion.approvalId
      ? await tx.select().from(approvals).where(eq(approvals.id, promotion.approvalId)).for("no key update")
      : [];
    if (promotion.state !== "waiting" || approval?.state !== "approved" || pending) return null;

    const change = await changeSince(tx, caller, { promotion, approval, environment });
    if (change) {
      await takeBack(tx, caller, { promotion, approval, change });
      return null;
    }
    // Also while newer evidence of its review is being computed: the approvals there do not count until then.
    const summary = `found that the review of promotion #${promotion.number} says something else, so it is evaluated again`;
    if (await evaluateWhereOther(tx, caller, { promotion, approval, summary })) {
      await publishEvent(tx, projectId, "promotions", promotion.id);
      return null;
    }
    const version = await loadVersion(tx, projectId, promotion.modelVersionId);
    await tx.update(promotions).set({ state: "deploying", reason: null }).where(eq(promotions.id, promotion.id));
    const deploymentId = await openDeployment(tx, caller, {
      environment,
      version,
      kind: "promotion",
      promotionId: promotion.id,
      requestedBy: null,
      reason: null,
    });
    await audit(tx, caller, {
      action: "promotions.deployment_begun",
      entity: { kind: "promotion", id: promotion.id },
      summary: `began to deploy ${version.name} to ${environment.name}`,
      details: { deploymentId, evidenceDigest: approval.evidenceDigest, policyVersion: approval.policyVersion },
    });
    await publishEvent(tx, projectId, "promotions", promotion.id);
    return { deploymentId };
  });
}
