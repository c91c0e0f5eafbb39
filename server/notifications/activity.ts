import { and, asc, desc, eq, inArray, sql } from "drizzle-orm";
import { deployments, trafficStops } from "@/db/schema/deployments";
import { users } from "@/db/schema/identity";
import { pipelineRuns, pipelines } from "@/db/schema/pipelines";
import { environments, promotions } from "@/db/schema/promotions";
import { modelVersions, registeredModels } from "@/db/schema/registry";
import type { Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";

const MOST_RUNS = 6;

/** What goes on in a project, for its first page: what serves where, promotions that are open, the last runs. */
export async function projectActivity(ctx: ServiceContext, scope: Scope<"projects.read">) {
  const [stages, open, runs] = await Promise.all([
    stagesOf(ctx, scope),
    openPromotions(ctx, scope),
    lastRuns(ctx, scope),
  ]);
  return { stages, promotions: open, runs };
}

/** One line for each model that an environment serves; an environment without one has a line with `model` null. */
async function stagesOf(ctx: ServiceContext, scope: Scope<"projects.read">) {
  const rows = await ctx.db
    .select({
      environment: environments.name,
      deploymentId: deployments.id,
      model: registeredModels.name,
      version: modelVersions.version,
      since: deployments.activatedAt,
      isStopped: trafficStops.isStopped,
    })
    .from(environments)
    .leftJoin(deployments, and(eq(deployments.environmentId, environments.id), eq(deployments.state, "active")))
    .leftJoin(registeredModels, eq(registeredModels.id, deployments.modelId))
    .leftJoin(modelVersions, eq(modelVersions.id, deployments.modelVersionId))
    .leftJoin(
      trafficStops,
      and(eq(trafficStops.environmentId, environments.id), eq(trafficStops.modelId, deployments.modelId)),
    )
    .where(eq(environments.projectId, scope.projectId))
    .orderBy(sql`${environments.requires} nulls first`, asc(registeredModels.name));
  return rows.map((row) => ({ ...row, isStopped: row.isStopped ?? false }));
}

async function openPromotions(ctx: ServiceContext, scope: Scope<"projects.read">) {
  return ctx.db
    .select({
      number: promotions.number,
      state: promotions.state,
      environment: environments.name,
      model: registeredModels.name,
      version: modelVersions.version,
      proposedBy: users.name,
      createdAt: promotions.createdAt,
      deadlineAt: promotions.deadlineAt,
    })
    .from(promotions)
    .innerJoin(environments, eq(environments.id, promotions.environmentId))
    .innerJoin(registeredModels, eq(registeredModels.id, promotions.modelId))
    .innerJoin(modelVersions, eq(modelVersions.id, promotions.modelVersionId))
    .innerJoin(users, eq(users.id, promotions.proposedBy))
    .where(
      and(eq(promotions.projectId, scope.projectId), inArray(promotions.state, ["evaluating", "waiting", "deploying"])),
    )
    .orderBy(promotions.deadlineAt);
}

async function lastRuns(ctx: ServiceContext, scope: Scope<"projects.read">) {
  return ctx.db
    .select({
      number: pipelineRuns.number,
      pipeline: pipelines.name,
      state: pipelineRuns.state,
      startedBy: users.name,
      trigger: pipelineRuns.trigger,
      createdAt: pipelineRuns.createdAt,
      startedAt: pipelineRuns.startedAt,
      finishedAt: pipelineRuns.finishedAt,
    })
    .from(pipelineRuns)
    .innerJoin(pipelines, eq(pipelines.id, pipelineRuns.pipelineId))
    .leftJoin(users, eq(users.id, pipelineRuns.startedBy))
    .where(eq(pipelineRuns.projectId, scope.projectId))
    .orderBy(desc(pipelineRuns.number))
    .limit(MOST_RUNS);
}
