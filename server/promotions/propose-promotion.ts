import { eq } from "drizzle-orm";
import type { Executor, Transaction } from "@/db/client";
import { pipelineRuns } from "@/db/schema/pipelines";
import { promotions } from "@/db/schema/promotions";
import { AppError, type ErrorCode } from "@/domain/errors";
import { barredPeople } from "@/domain/promotions/barred";
import type { ProposePromotion } from "@/domain/promotions/contracts";
import { type ProposalRefusal, proposalRefusal } from "@/domain/promotions/policy";
import { PROMOTION_WORKFLOW, promotionWorkflowId } from "@/domain/promotions/workflow";
import { openApproval } from "../approvals/open-approval";
import { audit, type Caller } from "../audit/audit-caller";
import { userIdOf } from "../authz/actor";
import type { Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { newId } from "../ids";
import { recordLineage } from "../lineage/record-lineage";
import { publishEvent } from "../notifications/publish-event";
import { enqueue } from "../outbox/enqueue";
import { nextNumber } from "../projects/next-number";
import {
  contributorsOf,
  currentPolicy,
  type Environment,
  type LoadedVersion,
  loadVersion,
  lockEnvironment,
  openPromotionOf,
  orderOf,
  type PolicyVersion,
  policyName,
  servingVersion,
} from "./promotion-facts";

/** How long people have to sign. */
const DEADLINE_MS = 7 * 24 * 60 * 60 * 1000;

const CODES: Readonly<Record<ProposalRefusal["reason"], ErrorCode>> = {
  role_needed: "forbidden",
  person_needed: "forbidden",
  not_from_production: "precondition_failed",
  no_onnx: "precondition_failed",
  no_policy: "precondition_failed",
  open_promotion: "conflict",
  already_serving: "conflict",
  order: "precondition_failed",
};

/** What the rule of proposing looks at, as the record stands. */
export async function proposalFacts(
  db: Executor,
  { scope }: Pick<Caller, "scope">,
  subject: { readonly version: LoadedVersion; readonly environment: Environment },
) {
  const { version, environment } = subject;
  const [policy, open, serving, order, isNobodys] = await Promise.all([
    currentPolicy(db, environment.id),
    openPromotionOf(db, environment.id, version.modelId),
    servingVersion(db, environment.id, version.modelId),
    orderOf(db, environment, version),
    isRunOfNobody(db, version.pipelineRunId),
  ]);
  return {
    policy,
    facts: {
      environment: environment.name,
      roles: scope.roles,
      origin: version.origin,
      hasOnnx: version.onnxSha256 !== null,
      hasPolicy: policy !== null,
      openPromotion: open?.number ?? null,
      isServing: serving?.modelVersionId === version.id,
      order,
      name: version.name,
      needsPerson: isNobodys && scope.actor.kind !== "person",
    },
  };
}

/** Whether a policy or a schedule started the run that registered a version. */
async function isRunOfNobody(db: Executor, pipelineRunId: string | null): Promise<boolean> {
  if (pipelineRunId === null) return false;
  const [run] = await db
    .select({ startedBy: pipelineRuns.startedBy })
    .from(pipelineRuns)
    .where(eq(pipelineRuns.id, pipelineRunId));
  return run?.startedBy === null;
}

type Accepted = {
  readonly version: LoadedVersion;
  readonly environment: Environment;
  readonly policy: PolicyVersion;
  readonly proposedBy: string;
  readonly comment: string;
  readonly deadlineMs: number;
};

async function insertPromotion(tx: Transaction, { ctx, scope }: Caller, accepted: Accepted) {
  const { version, environment, policy, proposedBy, comment } = accepted;
  const id = newId();
  const createdAt = ctx.clock();
  const deadlineAt = new Date(createdAt.getTime() + accepted.deadlineMs);
  const approvalId = await openApproval(tx, {
    projectId: scope.projectId,
    subject: { kind: "promotion", id, digest: version.onnxSha256 ?? "" },
    target: environment.name,
    policyVersion: policyName(environment.name, policy),
    requiredRoles: policy.requiredRoles,
    barred: barredPeople(await contributorsOf(tx, version, proposedBy), version.risk),
    openedBy: proposedBy,
    createdAt,
    deadlineAt,
  });
  await recordLineage(tx, scope.projectId, [
    {
      from: { kind: "model_version", reference: version.id, label: version.name },
      to: { kind: "promotion", reference: id, label: `${version.name} to ${environment.name}` },
      kind: "promoted_by",
    },
  ]);
  // The project's counter is the last lock but the event's, so that no two transactions take them in another order.
  const number = await nextNumber(tx, scope.projectId);
  await tx.insert(promotions).values({
    id,
    projectId: scope.projectId,
    number,
    modelId: version.modelId,
    modelVersionId: version.id,
    environmentId: environment.id,
    policyVersionId: policy.id,
    approvalId,
    proposedBy,
    comment,
    createdAt,
    deadlineAt,
  });
  return { id, number, approvalId };
}

/**
 * Proposes a version for an environment: a promotion that the platform evaluates and people then sign.
 * Refused attempts leave an audit row: `conflict` where one is open or the version serves already.
 * `deadlineMs` is how long people have; seven days unless a test says otherwise.
 */
export async function proposePromotion(
  ctx: ServiceContext,
  scope: Scope<"promotions.propose">,
  input: ProposePromotion & { readonly deadlineMs?: number },
) {
  const proposedBy = userIdOf(scope.actor);
  if (!proposedBy)
    throw new AppError("forbidden", "person_needed", "A promotion is proposed by a person or a service account.");
  const caller = { ctx, scope };
  const result = await ctx.db.transaction(async (tx) => {
    const environment = await lockEnvironment(tx, scope.projectId, { name: input.environment });
    const version = await loadVersion(tx, scope.projectId, input.modelVersionId, { isLocked: true });
    const { facts, policy } = await proposalFacts(tx, caller, { version, environment });
    const refusal = proposalRefusal(facts);
    if (refusal || !policy) {
      const known = refusal ?? { reason: "no_policy" as const, sentence: `${environment.name} has no policy yet.` };
      await audit(tx, caller, {
        action: "promotions.propose_refused",
        entity: { kind: "model_version", id: version.id },
        summary: `was refused to propose ${version.name} for ${environment.name}: ${known.sentence}`,
        details: { environment: environment.name, reason: known.reason },
      });
      return { refusal: known };
    }
    const promotion = await insertPromotion(tx, caller, {
      version,
      environment,
      policy,
      proposedBy,
      comment: input.comment,
      deadlineMs: input.deadlineMs ?? DEADLINE_MS,
    });
    await audit(tx, caller, {
      action: "promotions.proposed",
      entity: { kind: "promotion", id: promotion.id },
      summary: `proposed ${version.name} for ${environment.name}`,
      details: {
        number: promotion.number,
        modelVersionId: version.id,
        digest: version.onnxSha256,
        policyVersion: policyName(environment.name, policy),
      },
    });
    await enqueue(
      tx,
      {
        act: "start",
        workflow: PROMOTION_WORKFLOW,
        workflowId: promotionWorkflowId(promotion.id),
        input: { promotionId: promotion.id },
      },
      ctx.requestId,
    );
    await publishEvent(tx, scope.projectId, "promotions", promotion.id);
    return { refusal: null, promotion };
  });
  if (result.refusal) throw new AppError(CODES[result.refusal.reason], result.refusal.reason, result.refusal.sentence);
  return result.promotion;
}
