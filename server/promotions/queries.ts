import { and, desc, eq, inArray, isNull, lt, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { approvalSignOffs, approvals } from "@/db/schema/approvals";
import { users } from "@/db/schema/identity";
import { environments, promotionEvidence, promotions } from "@/db/schema/promotions";
import { modelVersions, registeredModels } from "@/db/schema/registry";
import type { PromotionsFilter } from "@/domain/promotions/contracts";
import { proposalRefusal } from "@/domain/promotions/policy";
import { PROMOTION_STATES } from "@/domain/promotions/status";
import type { Evidence } from "@/domain/promotions/types";
import type { Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { loadVersion } from "./promotion-facts";
import { proposalFacts } from "./propose-promotion";

const PAGE = 50;

/** Roles that have signed the evidence that is current, per approval: one line of the list needs no more. */
const signedRoles = sql<string[] | null>`(
  select array_agg(s.as_role order by s.signed_at) from ${approvalSignOffs} s
  where s.approval_id = ${approvals.id} and s.outdated_at is null and s.decision = 'approved')`;

/** Promotions of the project, newest first, a page of 50 by keyset. Verdicts come from the evidence that is current. */
export async function listPromotions(ctx: ServiceContext, scope: Scope<"promotions.read">, filter: PromotionsFilter) {
  const proposer = alias(users, "proposer");
  const rows = await ctx.db
    .select({
      id: promotions.id,
      number: promotions.number,
      model: registeredModels.name,
      version: modelVersions.version,
      environment: environments.name,
      state: promotions.state,
      reason: promotions.reason,
      proposedBy: proposer.name,
      createdAt: promotions.createdAt,
      deadlineAt: promotions.deadlineAt,
      closedAt: promotions.closedAt,
      requiredRoles: approvals.requiredRoles,
      signedRoles,
      evidence: promotionEvidence.text,
    })
    .from(promotions)
    .innerJoin(registeredModels, eq(registeredModels.id, promotions.modelId))
    .innerJoin(modelVersions, eq(modelVersions.id, promotions.modelVersionId))
    .innerJoin(environments, eq(environments.id, promotions.environmentId))
    .innerJoin(proposer, eq(proposer.id, promotions.proposedBy))
    .innerJoin(approvals, eq(approvals.id, promotions.approvalId))
    .leftJoin(
      promotionEvidence,
      and(eq(promotionEvidence.promotionId, promotions.id), eq(promotionEvidence.digest, approvals.evidenceDigest)),
    )
    .where(
      and(
        eq(promotions.projectId, scope.projectId),
        filter.state?.length ? inArray(promotions.state, filter.state) : undefined,
        filter.environment ? eq(environments.name, filter.environment) : undefined,
        filter.modelId ? eq(promotions.modelId, filter.modelId) : undefined,
        filter.cursor ? lt(promotions.id, filter.cursor) : undefined,
      ),
    )
    .orderBy(desc(promotions.id))
    .limit(PAGE + 1);
  return {
    promotions: rows.slice(0, PAGE).map(({ evidence, signedRoles: signed, ...row }) => ({
      ...row,
      signedRoles: signed ?? [],
      verdicts: evidence
        ? (JSON.parse(evidence) as Evidence).results.map(({ title, verdict }) => ({ title, verdict }))
        : null,
    })),
    hasMore: rows.length > PAGE,
  };
}

/** How many promotions stand in each state, for the filter's counts. */
export async function countPromotions(ctx: ServiceContext, scope: Scope<"promotions.read">) {
  const rows = await ctx.db
    .select({ state: promotions.state, count: sql<number>`count(*)::int` })
    .from(promotions)
    .where(eq(promotions.projectId, scope.projectId))
    .groupBy(promotions.state);
  const counts = new Map(rows.map((row) => [row.state, row.count]));
  return PROMOTION_STATES.map((state) => ({ state, count: counts.get(state) ?? 0 }));
}

/** One version with each environment: whether it may be proposed there, or the sentence why not. */
export async function proposalOptions(ctx: ServiceContext, scope: Scope<"promotions.read">, modelVersionId: string) {
  const version = await loadVersion(ctx.db, scope.projectId, modelVersionId);
  const all = await ctx.db
    .select()
    .from(environments)
    .where(eq(environments.projectId, scope.projectId))
    .orderBy(desc(environments.name));
  const options = await Promise.all(
    all.map(async (environment) => {
      const { facts } = await proposalFacts(ctx.db, { scope }, { version, environment });
      return { environment: environment.name, refusal: proposalRefusal(facts)?.sentence ?? null };
    }),
  );
  return { modelVersionId, model: version.model, version: version.version, name: version.name, options };
}

/** The newest versions from production definitions' runs: what a person chooses from to propose one. */
export async function listCandidates(ctx: ServiceContext, scope: Scope<"promotions.read">) {
  return ctx.db
    .select({
      modelVersionId: modelVersions.id,
      model: registeredModels.name,
      version: modelVersions.version,
      createdAt: modelVersions.createdAt,
    })
    .from(modelVersions)
    .innerJoin(registeredModels, eq(registeredModels.id, modelVersions.modelId))
    .where(
      and(
        eq(modelVersions.projectId, scope.projectId),
        eq(modelVersions.origin, "production"),
        isNull(modelVersions.deletedAt),
      ),
    )
    .orderBy(desc(modelVersions.createdAt))
    .limit(PAGE);
}
