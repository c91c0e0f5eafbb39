import { and, asc, desc, eq, isNotNull } from "drizzle-orm";
import { feedbackItems, retrainingPolicies, retrainingTriggers } from "@/db/schema/feedback";
import { users } from "@/db/schema/identity";
import { alerts } from "@/db/schema/monitoring";
import { pipelineRuns, pipelines, pipelineVersions } from "@/db/schema/pipelines";
import { registeredModels } from "@/db/schema/registry";
import type { Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";

type Readable = Scope<"monitoring.read">;

const MOST_TRIGGERS = 50;

/** Each registered model with the versions of its retraining policy (newest first, the first is in force) and its triggers. */
export async function listRetraining(ctx: ServiceContext, scope: Readable) {
  const [models, policies, triggers] = await Promise.all([
    ctx.db
      .select({ id: registeredModels.id, name: registeredModels.name })
      .from(registeredModels)
      .where(eq(registeredModels.projectId, scope.projectId))
      .orderBy(asc(registeredModels.name)),
    ctx.db
      .select({ policy: retrainingPolicies, savedBy: users.name, pipeline: pipelines.name })
      .from(retrainingPolicies)
      .innerJoin(users, eq(users.id, retrainingPolicies.createdBy))
      .innerJoin(pipelines, eq(pipelines.id, retrainingPolicies.pipelineId))
      .where(eq(retrainingPolicies.projectId, scope.projectId))
      .orderBy(desc(retrainingPolicies.version)),
    triggersOf(ctx, scope),
  ]);
  return models.map((model) => ({
    ...model,
    policies: policies
      .filter(({ policy }) => policy.modelId === model.id)
      .map(({ policy, savedBy, pipeline }) => ({
        id: policy.id,
        version: policy.version,
        rules: policy.rules,
        digest: policy.digest,
        createdAt: policy.createdAt,
        savedBy,
        pipeline,
      })),
    triggers: triggers.filter((trigger) => trigger.modelId === model.id),
  }));
}

function triggersOf(ctx: ServiceContext, scope: Readable) {
  return ctx.db
    .select({
      id: retrainingTriggers.id,
      modelId: retrainingTriggers.modelId,
      decision: retrainingTriggers.decision,
      reason: retrainingTriggers.reason,
      createdAt: retrainingTriggers.createdAt,
      alert: alerts.number,
      item: feedbackItems.number,
      run: pipelineRuns.number,
    })
    .from(retrainingTriggers)
    .innerJoin(alerts, eq(alerts.id, retrainingTriggers.alertId))
    .innerJoin(feedbackItems, eq(feedbackItems.id, retrainingTriggers.itemId))
    .leftJoin(pipelineRuns, eq(pipelineRuns.id, retrainingTriggers.runId))
    .where(eq(retrainingTriggers.projectId, scope.projectId))
    .orderBy(desc(retrainingTriggers.createdAt))
    .limit(MOST_TRIGGERS);
}

/** Pipelines that a policy could start, with the parameters of their newest version. */
export async function retrainingChoices(ctx: ServiceContext, scope: Readable) {
  const rows = await ctx.db
    .selectDistinctOn([pipelines.id], {
      id: pipelines.id,
      name: pipelines.name,
      kind: pipelineVersions.kind,
      plan: pipelineVersions.plan,
    })
    .from(pipelines)
    .innerJoin(pipelineVersions, and(eq(pipelineVersions.pipelineId, pipelines.id), isNotNull(pipelineVersions.id)))
    .where(eq(pipelines.projectId, scope.projectId))
    .orderBy(pipelines.id, desc(pipelineVersions.version));
  return rows
    .filter((row) => row.kind === "production")
    .map(({ id, name, plan }) => ({
      id,
      name,
      parameters: plan.parameters.map((parameter) => ({ name: parameter.name, type: parameter.type })),
    }))
    .sort((a, b) => a.name.localeCompare(b.name));
}
