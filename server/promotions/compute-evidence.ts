import { and, eq, isNotNull, sql } from "drizzle-orm";
import type { Executor, Transaction } from "@/db/client";
import { approvalSignOffs } from "@/db/schema/approvals";
import { environments, promotionEvidence, promotions } from "@/db/schema/promotions";
import { AppError } from "@/domain/errors";
import { barredPeople } from "@/domain/promotions/barred";
import { blockingRulesOf, openRulesOf, reviewResult, verdictSummary, verdictsOf } from "@/domain/promotions/gate";
import { reviewRolesOf } from "@/domain/promotions/policy";
import type { Evidence, RuleResult } from "@/domain/promotions/types";
import { setEvidence } from "../approvals/set-evidence";
import { audit, type Caller } from "../audit/audit-caller";
import { canonicalDigest } from "../blobs/digest";
import type { ServiceContext } from "../context";
import { newId } from "../ids";
import { recordLineage } from "../lineage/record-lineage";
import { publishEvent } from "../notifications/publish-event";
import { reviewOutcomeOf } from "../reviews/review-outcome";
import { gateInputFor, inputsOf, versionNumberOf } from "./gate-input";
import { notifySigners } from "./notify-signers";
import {
  contributorsOf,
  currentPolicy,
  loadVersion,
  lockEnvironment,
  lockPromotion,
  orderOf,
  type Promotion,
  policyName,
  servingVersion,
} from "./promotion-facts";
import { systemCaller } from "./system-caller";

/** Everything that evidence rests on and that can change while it is being computed. */
async function basisOf(db: Executor, promotion: Promotion) {
  const [environment] = await db.select().from(environments).where(eq(environments.id, promotion.environmentId));
  if (!environment) throw new AppError("not_found", "environment", "There is no such environment.");
  const version = await loadVersion(db, promotion.projectId, promotion.modelVersionId);
  const [policy, serving, order] = await Promise.all([
    currentPolicy(db, environment.id),
    servingVersion(db, environment.id, promotion.modelId),
    orderOf(db, environment, version),
  ]);
  if (!policy) throw new AppError("precondition_failed", "no_policy", `${environment.name} has no policy.`);
  const [baseline, review] = await Promise.all([
    versionNumberOf(db, serving?.modelVersionId ?? null),
    reviewRolesOf(policy.rules).length > 0 ? reviewOutcomeOf(db, promotion.projectId, version.id) : null,
  ]);
  return { environment, version, policy, order, baseline, review };
}
type Basis = Awaited<ReturnType<typeof basisOf>>;

/** What the review says, in the words of its rule: comments that change nothing in it are no change. */
const reviewIn = ({ policy, review }: Basis) => {
  const { verdict, scope, sentence } = reviewResult(reviewRolesOf(policy.rules), review);
  return `${verdict} ${scope} ${sentence}`;
};

const isSameBasis = (a: Basis, b: Basis) =>
  reviewIn(a) === reviewIn(b) &&
  a.policy.id === b.policy.id &&
  a.baseline?.id === b.baseline?.id &&
  a.order?.isServing === b.order?.isServing &&
  a.version.onnxSha256 === b.version.onnxSha256;

type Measurement = {
  readonly basis: Basis;
  readonly results: readonly RuleResult[];
  readonly holdoutDigest: string | null;
  readonly datasetVersions: readonly string[];
};

async function measureBasis(ctx: ServiceContext, promotion: Promotion): Promise<Measurement> {
  const basis = await basisOf(ctx.db, promotion);
  const { version, environment, policy, order, baseline, review } = basis;
  const inputs = await inputsOf(ctx.db, promotion.projectId, version.id);
  const { input, holdoutDigest } = await gateInputFor(ctx, {
    projectId: promotion.projectId,
    modelVersionId: version.id,
    version: version.version,
    baseline,
    rules: policy.rules,
    environment: environment.name,
    order,
    review,
    inputs,
  });
  return {
    basis,
    results: verdictsOf(input),
    holdoutDigest,
    datasetVersions: inputs.map(({ digest }) => digest).sort(),
  };
}

async function evidenceOf(
  tx: Transaction,
  promotion: Promotion,
  { basis, results, holdoutDigest, datasetVersions }: Measurement,
): Promise<Evidence> {
  const { version, environment, policy, baseline } = basis;
  const outdatedSignatures = promotion.approvalId
    ? await tx.$count(
        approvalSignOffs,
        and(eq(approvalSignOffs.approvalId, promotion.approvalId), isNotNull(approvalSignOffs.outdatedAt)),
      )
    : 0;
  return {
    promotionId: promotion.id,
    environment: environment.name,
    model: version.model,
    version: version.version,
    modelDigest: version.onnxSha256 ?? "",
    baselineVersion: baseline?.version ?? null,
    baselineDigest: baseline?.digest ?? null,
    policyVersion: policyName(environment.name, policy),
    policyDigest: policy.digest,
    holdoutDigest,
    results,
    outdatedSignatures,
    lineage: { datasetVersions, pipelineRun: version.pipelineRunId, commit: version.commit },
  };
}

async function keepEvidence(
  tx: Transaction,
  caller: Caller,
  kept: { readonly promotion: Promotion; readonly measurement: Measurement },
) {
  const { promotion, measurement } = kept;
  const { version, environment, policy, baseline } = measurement.basis;
  const evidence = await evidenceOf(tx, promotion, measurement);
  const { text, digest } = canonicalDigest(evidence);
  const at = caller.ctx.clock();
  await tx
    .insert(promotionEvidence)
    .values({ id: newId(), projectId: promotion.projectId, promotionId: promotion.id, text, digest, createdAt: at })
    .onConflictDoNothing();
  await tx
    .update(promotions)
    .set({ state: "waiting", policyVersionId: policy.id, baselineVersionId: baseline?.id ?? null })
    .where(eq(promotions.id, promotion.id));
  const open = openRulesOf(measurement.results);
  const blocking = blockingRulesOf(measurement.results);
  const contributors = await contributorsOf(tx, version, promotion.proposedBy);
  const outdated = promotion.approvalId
    ? await setEvidence(tx, {
        approvalId: promotion.approvalId,
        evidenceDigest: digest,
        policyVersion: evidence.policyVersion,
        requiredRoles: policy.requiredRoles,
        openRules: open,
        blockingRules: blocking,
        barred: barredPeople(contributors, version.risk),
        at,
      })
    : 0;
  await recordLineage(tx, promotion.projectId, [
    {
      from: { kind: "model_version", reference: version.id, label: version.name },
      to: { kind: "evidence", reference: digest, label: verdictSummary(measurement.results) },
      kind: "evaluated_by",
    },
    {
      from: { kind: "evidence", reference: digest, label: verdictSummary(measurement.results) },
      to: { kind: "promotion", reference: promotion.id, label: `${version.name} to ${environment.name}` },
      kind: "evidence_for",
    },
  ]);
  await audit(tx, caller, {
    action: "promotions.evaluated",
    entity: { kind: "promotion", id: promotion.id },
    summary: `evaluated ${version.name} for ${environment.name}: ${verdictSummary(measurement.results)}`,
    details: {
      evidenceDigest: digest,
      policyVersion: evidence.policyVersion,
      openRules: open,
      blockingRules: blocking,
      outdatedSignatures: outdated,
    },
  });
  if (blocking.length === 0)
    await notifySigners(tx, caller, {
      promotion,
      title: `${version.name} asks for your signature: ${environment.name}`,
      kind: "promotions.asked",
      key: digest,
    });
  return digest;
}

/**
 * Computes a promotion's evidence: the platform runs the registered file on the hold-out that the policy names, compares
 * it with what the environment serves, and keeps the measurements with their verdicts as an immutable text. Signatures
 * over evidence with another digest no longer count. Measuring locks nothing; where the policy or the version in the
 * environment changed meanwhile, nothing is kept and the next call measures again.
 */
export async function computeEvidence(
  ctx: ServiceContext,
  promotionId: string,
): Promise<{ readonly digest: string | null }> {
  const caller = await systemCaller(ctx, promotionId);
  const [promotion] = await ctx.db.select().from(promotions).where(eq(promotions.id, promotionId));
  if (promotion?.state !== "evaluating") return { digest: null };
  const measurement = await measureBasis(ctx, promotion);
  return ctx.db.transaction(async (tx) => {
    await lockEnvironment(tx, promotion.projectId, { id: promotion.environmentId });
    const locked = await lockPromotion(tx, promotion.projectId, promotion.id);
    if (locked.state !== "evaluating" || !isSameBasis(measurement.basis, await basisOf(tx, locked)))
      return { digest: null };
    await tx.execute(sql`select 1 from approvals where id = ${locked.approvalId} for update`);
    const digest = await keepEvidence(tx, caller, { promotion: locked, measurement });
    await publishEvent(tx, promotion.projectId, "promotions", promotion.id);
    return { digest };
  });
}
