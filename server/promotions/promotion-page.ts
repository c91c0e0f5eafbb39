import { and, desc, eq, inArray, isNull } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { approvalSignOffs, approvals } from "@/db/schema/approvals";
import { deployments } from "@/db/schema/deployments";
import { memberships, users } from "@/db/schema/identity";
import { pipelineRuns } from "@/db/schema/pipelines";
import { projects } from "@/db/schema/projects";
import { environments, policyVersions, promotionEvidence, promotions } from "@/db/schema/promotions";
import { modelVersions, registeredModels } from "@/db/schema/registry";
import { AppError } from "@/domain/errors";
import type { Role } from "@/domain/identity/roles";
import { shownContributors } from "@/domain/promotions/barred";
import type { Evidence } from "@/domain/promotions/types";
import { rulesOf } from "../approvals/sign-offs";
import type { Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { reviewOutcomeOf } from "../reviews/review-outcome";
import { makeupOf } from "./changes";
import { contributorsOf, policyName } from "./promotion-facts";

async function baseOf(ctx: ServiceContext, projectId: string, number: number) {
  const proposer = alias(users, "proposer");
  const baseline = alias(modelVersions, "baseline");
  const [row] = await ctx.db
    .select({
      promotion: promotions,
      model: registeredModels.name,
      version: modelVersions,
      baseline,
      environment: environments,
      policy: policyVersions,
      approval: approvals,
      proposer: { id: proposer.id, name: proposer.name },
      risk: projects.risk,
      evidence: { text: promotionEvidence.text, createdAt: promotionEvidence.createdAt },
    })
    .from(promotions)
    .innerJoin(projects, eq(projects.id, promotions.projectId))
    .innerJoin(registeredModels, eq(registeredModels.id, promotions.modelId))
    .innerJoin(modelVersions, eq(modelVersions.id, promotions.modelVersionId))
    .leftJoin(baseline, eq(baseline.id, promotions.baselineVersionId))
    .innerJoin(environments, eq(environments.id, promotions.environmentId))
    .innerJoin(policyVersions, eq(policyVersions.id, promotions.policyVersionId))
    .innerJoin(approvals, eq(approvals.id, promotions.approvalId))
    .innerJoin(proposer, eq(proposer.id, promotions.proposedBy))
    .leftJoin(
      promotionEvidence,
      and(eq(promotionEvidence.promotionId, promotions.id), eq(promotionEvidence.digest, approvals.evidenceDigest)),
    )
    .where(and(eq(promotions.projectId, projectId), eq(promotions.number, number)));
  if (!row) throw new AppError("not_found", "promotion", "There is no such promotion.");
  return row;
}

/** Every signature that the promotion got, with names, oldest first. */
async function signaturesOf(ctx: ServiceContext, approvalId: string) {
  return ctx.db
    .select({
      id: approvalSignOffs.id,
      userId: approvalSignOffs.userId,
      name: users.name,
      asRole: approvalSignOffs.asRole,
      decision: approvalSignOffs.decision,
      meaning: approvalSignOffs.meaning,
      comment: approvalSignOffs.comment,
      acceptedRules: approvalSignOffs.acceptedRules,
      evidenceDigest: approvalSignOffs.evidenceDigest,
      policyVersion: approvalSignOffs.policyVersion,
      statement: approvalSignOffs.statement,
      statementSha256: approvalSignOffs.statementSha256,
      signedAt: approvalSignOffs.signedAt,
      outdatedAt: approvalSignOffs.outdatedAt,
      outdatedReason: approvalSignOffs.outdatedReason,
    })
    .from(approvalSignOffs)
    .innerJoin(users, eq(users.id, approvalSignOffs.userId))
    .where(eq(approvalSignOffs.approvalId, approvalId))
    .orderBy(approvalSignOffs.id);
}

/** Names of people with the roles that they hold here: those who could sign, and those whom the page names. */
async function peopleOf(
  ctx: ServiceContext,
  projectId: string,
  asked: { readonly roles: readonly Role[]; readonly named: readonly string[] },
) {
  const [holders, named] = await Promise.all([
    ctx.db
      .select({ userId: users.id, name: users.name, role: memberships.role })
      .from(memberships)
      .innerJoin(users, and(eq(users.id, memberships.userId), eq(users.kind, "person"), isNull(users.deactivatedAt)))
      .where(and(eq(memberships.projectId, projectId), inArray(memberships.role, [...asked.roles])))
      .orderBy(users.name),
    ctx.db
      .select({ userId: users.id, name: users.name, role: memberships.role })
      .from(users)
      .leftJoin(memberships, and(eq(memberships.userId, users.id), eq(memberships.projectId, projectId)))
      .where(inArray(users.id, [...asked.named]))
      .orderBy(memberships.role),
  ]);
  return { holders, named };
}

/** Deployments that the page's strip and its header tell of: the promotion's own, what it replaces, the version's place before. */
async function placesOf(ctx: ServiceContext, promotion: typeof promotions.$inferSelect) {
  return ctx.db
    .select({
      id: deployments.id,
      number: deployments.number,
      environment: environments.name,
      modelVersionId: deployments.modelVersionId,
      promotionId: deployments.promotionId,
      state: deployments.state,
      reason: deployments.reason,
      smoke: deployments.smoke,
      createdAt: deployments.createdAt,
      activatedAt: deployments.activatedAt,
      endedAt: deployments.endedAt,
    })
    .from(deployments)
    .innerJoin(environments, eq(environments.id, deployments.environmentId))
    .where(
      and(
        eq(deployments.modelId, promotion.modelId),
        inArray(deployments.modelVersionId, [
          promotion.modelVersionId,
          ...(promotion.baselineVersionId ? [promotion.baselineVersionId] : []),
        ]),
      ),
    )
    .orderBy(desc(deployments.createdAt))
    .limit(50);
}

/**
 * Everything that the page of a promotion shows, in two rounds of queries by key. The evidence is read as it was kept:
 * opening a page evaluates nothing.
 */
export async function getPromotion(ctx: ServiceContext, scope: Scope<"promotions.read">, number: number) {
  const base = await baseOf(ctx, scope.projectId, number);
  const { promotion, version, baseline, environment, approval, policy } = base;
  const named = [promotion.proposedBy, ...approval.barred.map(({ userId }) => userId)];
  const versions = baseline ? [version, baseline] : [version];
  const loaded = { ...version, model: base.model, risk: base.risk, name: `${base.model} v${version.version}` };
  const [signatures, contributors, makeup, places, review, [run]] = await Promise.all([
    signaturesOf(ctx, approval.id),
    contributorsOf(ctx.db, loaded, promotion.proposedBy),
    makeupOf(ctx.db, scope.projectId, versions),
    placesOf(ctx, promotion),
    reviewOutcomeOf(ctx.db, scope.projectId, version.id),
    version.pipelineRunId
      ? ctx.db
          .select({
            number: pipelineRuns.number,
            startedAt: pipelineRuns.startedAt,
            finishedAt: pipelineRuns.finishedAt,
          })
          .from(pipelineRuns)
          .where(eq(pipelineRuns.id, version.pipelineRunId))
      : Promise.resolve([]),
  ]);
  const shown = shownContributors(contributors, base.risk);
  const people = await peopleOf(ctx, scope.projectId, {
    roles: approval.requiredRoles,
    named: [...named, ...shown.map(({ userId }) => userId)],
  });
  const withName = ({ userId, reason }: { readonly userId: string; readonly reason: string }) => ({
    userId,
    reason,
    name: people.named.find((person) => person.userId === userId)?.name ?? "Somebody",
  });
  return {
    id: promotion.id,
    number: promotion.number,
    state: promotion.state,
    reason: promotion.reason,
    comment: promotion.comment,
    createdAt: promotion.createdAt,
    deadlineAt: promotion.deadlineAt,
    closedAt: promotion.closedAt,
    environment: environment.name,
    risk: base.risk,
    model: base.model,
    version: version.version,
    modelVersionId: version.id,
    modelDigest: version.onnxSha256,
    baselineVersion: baseline?.version ?? null,
    policy: {
      name: policyName(environment.name, policy),
      digest: policy.digest,
      rules: policy.rules,
      requiredRoles: policy.requiredRoles,
    },
    proposer: {
      ...base.proposer,
      roles: people.named.flatMap((person) => (person.userId === base.proposer.id && person.role ? [person.role] : [])),
    },
    approval: { id: approval.id, rules: rulesOf(approval) },
    evidence: base.evidence
      ? {
          digest: approval.evidenceDigest ?? "",
          createdAt: base.evidence.createdAt,
          record: JSON.parse(base.evidence.text) as Evidence,
        }
      : null,
    signatures,
    /** People who hold a required role, for "can sign: Sam, Jo". */
    holders: people.holders,
    barred: approval.barred.map(withName),
    shown: shown.map(withName),
    run: run ?? null,
    /** The open review that speaks for the version, for the link. */
    review: review && { number: review.number },
    makeup: { candidate: makeup[0] ?? null, current: makeup[1] ?? null },
    deployment: places.find((place) => place.promotionId === promotion.id) ?? null,
    replaces:
      places.find(
        (place) =>
          place.modelVersionId === baseline?.id && place.environment === environment.name && place.activatedAt !== null,
      ) ?? null,
    before:
      places.find(
        (place) =>
          place.modelVersionId === version.id &&
          place.environment === environment.requires &&
          place.activatedAt !== null,
      ) ?? null,
    /** The roles that the caller holds now, so that the page decides by the rule that the server decides by. */
    myRoles: scope.roles,
  };
}
