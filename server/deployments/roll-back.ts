import { and, eq } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { deployments } from "@/db/schema/deployments";
import type { RollBack } from "@/domain/deployments/contracts";
import { type RollbackRefusal, rollbackRefusal } from "@/domain/deployments/policy";
import { DEPLOYMENT_WORKFLOW, deploymentWorkflowId } from "@/domain/deployments/workflow";
import { AppError, type ErrorCode } from "@/domain/errors";
import { audit } from "../audit/audit-caller";
import { personOf, type Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { publishEvent } from "../notifications/publish-event";
import { enqueue } from "../outbox/enqueue";
import { loadVersion, lockEnvironment } from "../promotions/promotion-facts";
import { openDeployment } from "./open-deployment";

const CODES: Readonly<Record<RollbackRefusal["reason"], ErrorCode>> = {
  never_deployed: "precondition_failed",
  already_serving: "conflict",
  busy: "conflict",
};

async function rollbackFacts(tx: Transaction, environmentId: string, { modelId, deploymentId }: RollBack) {
  const [rows, live] = await Promise.all([
    tx
      .select()
      .from(deployments)
      .where(
        and(
          eq(deployments.id, deploymentId),
          eq(deployments.environmentId, environmentId),
          eq(deployments.modelId, modelId),
        ),
      ),
    tx
      .select()
      .from(deployments)
      .where(and(eq(deployments.environmentId, environmentId), eq(deployments.modelId, modelId))),
  ]);
  const target = rows[0]
    ? { state: rows[0].state, wasActive: rows[0].activatedAt !== null, modelVersionId: rows[0].modelVersionId }
    : null;
  const active = live.find(({ state }) => state === "active");
  return {
    target,
    activeVersionId: active?.modelVersionId ?? null,
    hasPending: live.some(({ state }) => state === "pending"),
  };
}

/**
 * Brings back a version that served in the environment before. It needs no approval, but a reason. The gateways load and
 * answer for it as for any deployment; when it serves, what waits for the model is judged anew.
 */
export async function rollBack(ctx: ServiceContext, scope: Scope<"deployments.rollback">, input: RollBack) {
  const person = personOf(scope);
  const caller = { ctx, scope };
  const result = await ctx.db.transaction(async (tx) => {
    const environment = await lockEnvironment(tx, scope.projectId, { name: input.environment });
    const facts = await rollbackFacts(tx, environment.id, input);
    const refusal = rollbackRefusal(facts);
    if (refusal || !facts.target) {
      const known = refusal ?? { reason: "never_deployed" as const, sentence: "There is nothing to roll back to." };
      await audit(tx, caller, {
        action: "deployments.rollback_refused",
        entity: { kind: "deployment", id: input.deploymentId },
        summary: `was refused a rollback in ${environment.name}: ${known.sentence}`,
        details: { reason: known.reason, asked: input.reason },
      });
      return { refusal: known };
    }
    const version = await loadVersion(tx, scope.projectId, facts.target.modelVersionId);
    const deploymentId = await openDeployment(tx, caller, {
      environment,
      version,
      kind: "rollback",
      promotionId: null,
      requestedBy: person.userId,
      reason: input.reason,
    });
    await audit(tx, caller, {
      action: "deployments.rollback_begun",
      entity: { kind: "deployment", id: deploymentId },
      summary: `began to roll ${environment.name} back to ${version.name}`,
      details: { reason: input.reason, modelVersionId: version.id, digest: version.onnxSha256 },
    });
    await enqueue(
      tx,
      {
        act: "start",
        workflow: DEPLOYMENT_WORKFLOW,
        workflowId: deploymentWorkflowId(deploymentId),
        input: { deploymentId },
      },
      ctx.requestId,
    );
    await publishEvent(tx, scope.projectId, "deployments", deploymentId);
    return { refusal: null, deploymentId };
  });
  if (result.refusal) throw new AppError(CODES[result.refusal.reason], result.refusal.reason, result.refusal.sentence);
  return { deploymentId: result.deploymentId };
}
