import { and, asc, desc, eq, inArray, isNull } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import type { Executor } from "@/db/client";
import { deployments } from "@/db/schema/deployments";
import { feedbackEvents, feedbackItems, retrainingPolicies, retrainingTriggers } from "@/db/schema/feedback";
import { users } from "@/db/schema/identity";
import { alerts } from "@/db/schema/monitoring";
import { pipelineRuns, pipelines } from "@/db/schema/pipelines";
import { environments, promotions } from "@/db/schema/promotions";
import { modelVersions, registeredModels } from "@/db/schema/registry";
import { AppError } from "@/domain/errors";
import { isOverdue } from "@/domain/feedback/status";
import type { Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { membersOf } from "../reviews/record";
import { resolutionById } from "./resolutions";

/** An item with its timeline, what closed it, and the whole way from its alert to what serves now: what its page shows. */
export async function getItem(ctx: ServiceContext, scope: Scope<"feedback.read">, number: number) {
  const sender = alias(users, "sender");
  const answerer = alias(users, "answerer");
  const closer = alias(users, "closer");
  const [row] = await ctx.db
    .select({
      item: feedbackItems,
      createdByName: sender.name,
      answeredByName: answerer.name,
      doneByName: closer.name,
      alert: { id: alerts.id, number: alerts.number, state: alerts.state },
    })
    .from(feedbackItems)
    .leftJoin(sender, eq(sender.id, feedbackItems.createdBy))
    .leftJoin(answerer, eq(answerer.id, feedbackItems.answeredBy))
    .leftJoin(closer, eq(closer.id, feedbackItems.doneBy))
    .leftJoin(alerts, eq(alerts.id, feedbackItems.alertId))
    .where(and(eq(feedbackItems.projectId, scope.projectId), eq(feedbackItems.number, number)));
  if (!row) throw new AppError("not_found", "feedback_item", "There is no such feedback item.");
  const { item, ...names } = row;
  const [events, members, retraining, resolution] = await Promise.all([
    eventsOf(ctx.db, item.id),
    membersOf(ctx.db, scope.projectId),
    retrainingOf(ctx.db, item.id),
    item.resolutionKind && item.resolutionId
      ? resolutionById(ctx.db, scope.projectId, { kind: item.resolutionKind, id: item.resolutionId })
      : null,
  ]);
  return {
    ...item,
    ...names,
    isOverdue: isOverdue(item, ctx.clock()),
    events,
    /** Who can be mentioned. */
    members,
    retraining,
    resolution,
  };
}

function eventsOf(db: Executor, itemId: string) {
  return db
    .select({
      id: feedbackEvents.id,
      kind: feedbackEvents.kind,
      by: users.name,
      text: feedbackEvents.text,
      at: feedbackEvents.at,
    })
    .from(feedbackEvents)
    .leftJoin(users, eq(users.id, feedbackEvents.byUserId))
    .where(eq(feedbackEvents.itemId, itemId))
    .orderBy(asc(feedbackEvents.at), asc(feedbackEvents.id));
}

async function retrainingOf(db: Executor, itemId: string) {
  const [row] = await db
    .select({
      id: retrainingTriggers.id,
      decision: retrainingTriggers.decision,
      heldBackReason: retrainingTriggers.heldBackReason,
      reason: retrainingTriggers.reason,
      parameters: retrainingTriggers.parameters,
      createdAt: retrainingTriggers.createdAt,
      startedAt: retrainingTriggers.startedAt,
      startedBy: users.name,
      model: registeredModels.name,
      policyVersion: retrainingPolicies.version,
      run: {
        id: pipelineRuns.id,
        number: pipelineRuns.number,
        state: pipelineRuns.state,
      },
      pipeline: pipelines.name,
    })
    .from(retrainingTriggers)
    .innerJoin(registeredModels, eq(registeredModels.id, retrainingTriggers.modelId))
    .leftJoin(retrainingPolicies, eq(retrainingPolicies.id, retrainingTriggers.policyId))
    .leftJoin(users, eq(users.id, retrainingTriggers.startedBy))
    .leftJoin(pipelineRuns, eq(pipelineRuns.id, retrainingTriggers.runId))
    .leftJoin(pipelines, eq(pipelines.id, pipelineRuns.pipelineId))
    .where(eq(retrainingTriggers.itemId, itemId));
  if (!row) return null;
  return { ...row, versions: row.run ? await versionsOf(db, row.run.id) : [] };
}

/** Versions that a run registered, each with its promotions and where it serves. Read by the run's id: nothing is copied. */
async function versionsOf(db: Executor, runId: string) {
  const versions = await db
    .select({ id: modelVersions.id, model: registeredModels.name, version: modelVersions.version })
    .from(modelVersions)
    .innerJoin(registeredModels, eq(registeredModels.id, modelVersions.modelId))
    .where(and(eq(modelVersions.pipelineRunId, runId), isNull(modelVersions.deletedAt)))
    .orderBy(modelVersions.version);
  if (versions.length === 0) return [];
  const ids = versions.map(({ id }) => id);
  const [promoted, deployed] = await Promise.all([
    db
      .select({
        versionId: promotions.modelVersionId,
        number: promotions.number,
        state: promotions.state,
        environment: environments.name,
      })
      .from(promotions)
      .innerJoin(environments, eq(environments.id, promotions.environmentId))
      .where(inArray(promotions.modelVersionId, ids))
      .orderBy(promotions.number),
    db
      .select({
        id: deployments.id,
        versionId: deployments.modelVersionId,
        state: deployments.state,
        environment: environments.name,
        activatedAt: deployments.activatedAt,
      })
      .from(deployments)
      .innerJoin(environments, eq(environments.id, deployments.environmentId))
      .where(inArray(deployments.modelVersionId, ids))
      .orderBy(desc(deployments.createdAt)),
  ]);
  return versions.map((version) => ({
    ...version,
    promotions: promoted.filter(({ versionId }) => versionId === version.id),
    deployments: deployed.filter(({ versionId }) => versionId === version.id),
  }));
}
