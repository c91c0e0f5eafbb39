import { and, count, desc, eq, inArray, max, sum } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { deployments } from "@/db/schema/deployments";
import { featureViews, featureViewVersions, trainingSets } from "@/db/schema/features";
import { pipelineRuns, pipelines, pipelineVersions } from "@/db/schema/pipelines";
import { environments } from "@/db/schema/promotions";
import { modelVersions, registeredModels } from "@/db/schema/registry";
import { AppError } from "@/domain/errors";
import { parseViewReference } from "@/domain/features/view-reference";
import type { Plan } from "@/domain/pipelines/types";
import type { Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";

const MOST = 50;

/**
 * What stands on a view: training sets, the models trained on them, where those serve, and the pipelines whose newest
 * definition reads it. Shown on its page, and before a change is saved.
 */
export async function usesOf(
  db: Executor,
  projectId: string,
  view: { readonly viewId: string; readonly name: string },
) {
  const [totals, sets, models, readers] = await Promise.all([
    totalsOf(db, view.viewId),
    setsOf(db, view.viewId),
    modelsOf(db, view.viewId),
    readersOf(db, projectId, view.name),
  ]);
  const serving = await servingOf(
    db,
    models.map((model) => model.id),
  );
  return { trainingSets: { total: totals, newest: sets }, models, deployments: serving, pipelines: readers };
}

async function totalsOf(db: Executor, viewId: string) {
  const [row] = await db
    .select({ sets: count(), rows: sum(trainingSets.rows).mapWith(Number), newest: max(trainingSets.createdAt) })
    .from(trainingSets)
    .innerJoin(featureViewVersions, eq(featureViewVersions.id, trainingSets.viewVersionId))
    .where(eq(featureViewVersions.viewId, viewId));
  return { sets: row?.sets ?? 0, rows: row?.rows ?? 0, newestAt: row?.newest ?? null };
}

function setsOf(db: Executor, viewId: string) {
  return db
    .select({
      id: trainingSets.id,
      version: featureViewVersions.version,
      runNumber: pipelineRuns.number,
      rows: trainingSets.rows,
      unmatchedRows: trainingSets.unmatchedRows,
      createdAt: trainingSets.createdAt,
    })
    .from(trainingSets)
    .innerJoin(featureViewVersions, eq(featureViewVersions.id, trainingSets.viewVersionId))
    .innerJoin(pipelineRuns, eq(pipelineRuns.id, trainingSets.runId))
    .where(eq(featureViewVersions.viewId, viewId))
    .orderBy(desc(trainingSets.createdAt))
    .limit(10);
}

function modelsOf(db: Executor, viewId: string) {
  return db
    .selectDistinct({
      id: modelVersions.id,
      model: registeredModels.name,
      version: modelVersions.version,
      viewVersion: featureViewVersions.version,
    })
    .from(modelVersions)
    .innerJoin(registeredModels, eq(registeredModels.id, modelVersions.modelId))
    .innerJoin(trainingSets, eq(trainingSets.runId, modelVersions.pipelineRunId))
    .innerJoin(featureViewVersions, eq(featureViewVersions.id, trainingSets.viewVersionId))
    .where(eq(featureViewVersions.viewId, viewId))
    .orderBy(registeredModels.name, desc(modelVersions.version))
    .limit(MOST);
}

async function servingOf(db: Executor, modelVersionIds: readonly string[]) {
  if (modelVersionIds.length === 0) return [];
  return db
    .select({
      id: deployments.id,
      environment: environments.name,
      model: registeredModels.name,
      version: modelVersions.version,
      activatedAt: deployments.activatedAt,
    })
    .from(deployments)
    .innerJoin(environments, eq(environments.id, deployments.environmentId))
    .innerJoin(modelVersions, eq(modelVersions.id, deployments.modelVersionId))
    .innerJoin(registeredModels, eq(registeredModels.id, deployments.modelId))
    .where(and(inArray(deployments.modelVersionId, [...modelVersionIds]), eq(deployments.state, "active")))
    .orderBy(environments.name, registeredModels.name);
}

/** What a plan asks of the view: `latest` or a number, from the first step that reads it; null where none does. */
function askedBy(plan: Plan, name: string): string | null {
  for (const { work } of plan.steps) {
    if (work.kind !== "builtin" || work.builtin !== "features") continue;
    const reference = parseViewReference(String(work.options.view ?? ""));
    if (reference?.name === name) return String(reference.version);
  }
  return null;
}

async function readersOf(db: Executor, projectId: string, name: string) {
  const rows = await db
    .selectDistinctOn([pipelineVersions.pipelineId], {
      pipeline: pipelines.name,
      kind: pipelineVersions.kind,
      plan: pipelineVersions.plan,
    })
    .from(pipelineVersions)
    .innerJoin(pipelines, eq(pipelines.id, pipelineVersions.pipelineId))
    .where(eq(pipelineVersions.projectId, projectId))
    .orderBy(pipelineVersions.pipelineId, desc(pipelineVersions.version));
  return rows.flatMap(({ plan, ...row }) => {
    const asks = askedBy(plan, name);
    return asks === null ? [] : [{ ...row, asks }];
  });
}

/** The same for a person who is about to change the view. */
export async function getImpact(ctx: ServiceContext, scope: Scope<"features.read">, viewId: string) {
  const [view] = await ctx.db
    .select({ id: featureViews.id, name: featureViews.name })
    .from(featureViews)
    .where(and(eq(featureViews.id, viewId), eq(featureViews.projectId, scope.projectId)));
  if (!view) throw new AppError("not_found", "feature_view", "There is no such feature view.");
  return usesOf(ctx.db, scope.projectId, { viewId: view.id, name: view.name });
}
