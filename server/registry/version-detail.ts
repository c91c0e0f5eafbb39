import { asc, desc, eq, sql } from "drizzle-orm";
import { datasets, datasetVersions } from "@/db/schema/data";
import { deployments } from "@/db/schema/deployments";
import { experimentRuns, experiments, latestMetrics, runParams } from "@/db/schema/experiments";
import { users } from "@/db/schema/identity";
import { pipelineRuns, pipelines, pipelineVersions, sourceBundles } from "@/db/schema/pipelines";
import { environments, promotions } from "@/db/schema/promotions";
import { modelEvaluations, modelVersions } from "@/db/schema/registry";
import { AppError } from "@/domain/errors";
import { toWire } from "@/domain/experiments/wire-double";
import { proposalRefusal } from "@/domain/registry/policy";
import type { Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { modelsWithVersions, type VersionRow } from "./queries";
import { datasetVersionsReadBy } from "./version-origin";

type ReadScope = Scope<"registry.read">;

/** The registered models with their newest version and the aliases. */
export async function listModels(ctx: ServiceContext, scope: ReadScope) {
  const models = await modelsWithVersions(ctx.db, scope.projectId);
  return models.map((model) => {
    const newest = model.versions[0];
    return {
      id: model.id,
      name: model.name,
      description: model.description,
      versions: model.versions.length,
      updatedAt: model.updatedAt,
      aliases: model.aliases.map(({ alias, version }) => ({ alias, version })),
      newest: newest ? summaryOf(newest) : null,
    };
  });
}

function summaryOf(version: VersionRow) {
  return {
    id: version.id,
    version: version.version,
    createdAt: version.createdAt,
    registeredBy: version.registeredByName,
    origin: version.origin,
    commit: version.commit,
    onnxSha256: version.onnxSha256,
    aliases: version.aliases,
    experimentRunId: version.experimentRunId,
  };
}

/** One registered model with its versions, newest first, and what the platform measured of each. */
export async function getModel(ctx: ServiceContext, scope: ReadScope, name: string) {
  const model = await modelRow(ctx, scope, name);
  const measured = await ctx.db
    .select({ versionId: modelEvaluations.modelVersionId, result: modelEvaluations.result })
    .from(modelEvaluations)
    .innerJoin(modelVersions, eq(modelVersions.id, modelEvaluations.modelVersionId))
    .where(eq(modelVersions.modelId, model.id))
    .orderBy(asc(modelEvaluations.createdAt));
  return {
    id: model.id,
    name: model.name,
    description: model.description,
    createdAt: model.createdAt,
    aliases: model.aliases.map(({ alias, version }) => ({ alias, version })),
    versions: model.versions.map((version) => {
      const last = measured.findLast((evaluation) => evaluation.versionId === version.id);
      return {
        ...summaryOf(version),
        evaluation: last ? { rows: last.result.rows, metrics: last.result.metrics } : null,
      };
    }),
  };
}

async function modelRow(ctx: ServiceContext, scope: ReadScope, name: string) {
  const [model] = await modelsWithVersions(ctx.db, scope.projectId, name);
  if (!model) throw new AppError("not_found", "registered_model", "There is no such model.");
  return model;
}

/** Everything that is recorded about a version: file, contract, run, data, evaluations, promotions, deployments. */
export async function getVersion(
  ctx: ServiceContext,
  scope: ReadScope,
  at: { readonly name: string; readonly version: number },
) {
  const model = await modelRow(ctx, scope, at.name);
  const version = model.versions.find((candidate) => candidate.version === at.version);
  if (!version) throw new AppError("not_found", "model_version", "There is no such version.");
  const [run, pipeline, data, evaluations, proposed, deployed] = await Promise.all([
    version.experimentRunId ? experimentRunOf(ctx, version.experimentRunId) : null,
    version.pipelineRunId ? pipelineRunOf(ctx, version.pipelineRunId) : null,
    version.pipelineRunId ? datasetVersionsOf(ctx, version.pipelineRunId) : [],
    evaluationsOf(ctx, version.id),
    promotionsOf(ctx, version.id),
    deploymentsOf(ctx, version.id),
  ]);
  return {
    ...summaryOf(version),
    model: {
      id: model.id,
      name: model.name,
      versions: model.versions.map(({ version: number, aliases }) => ({ version: number, aliases })),
    },
    source: version.source,
    description: version.description,
    tags: version.tags,
    onnxBytes: version.onnxBytes,
    files: version.files,
    signature: version.signature,
    run,
    pipeline,
    data,
    evaluations,
    promotions: proposed,
    deployments: deployed,
    /** Why it cannot be proposed, whoever asks; the role comes on top. */
    proposalRefusal: proposalRefusal(version),
  };
}

async function experimentRunOf(ctx: ServiceContext, id: string) {
  const [[run], params, metrics] = await Promise.all([
    ctx.db
      .select({
        id: experimentRuns.id,
        name: experimentRuns.name,
        status: experimentRuns.status,
        lifecycle: experimentRuns.lifecycle,
        experiment: experiments.name,
      })
      .from(experimentRuns)
      .innerJoin(experiments, eq(experiments.id, experimentRuns.experimentId))
      .where(eq(experimentRuns.id, id)),
    ctx.db
      .select({ key: runParams.key, value: runParams.value })
      .from(runParams)
      .where(eq(runParams.runId, id))
      .orderBy(asc(runParams.key)),
    ctx.db
      .select({ key: latestMetrics.key, value: latestMetrics.value })
      .from(latestMetrics)
      .where(eq(latestMetrics.runId, id))
      .orderBy(asc(latestMetrics.key)),
  ]);
  return run
    ? { ...run, params, metrics: metrics.map((metric) => ({ key: metric.key, value: toWire(Number(metric.value)) })) }
    : null;
}

async function pipelineRunOf(ctx: ServiceContext, id: string) {
  const [row] = await ctx.db
    .select({
      number: pipelineRuns.number,
      name: pipelines.name,
      version: pipelineVersions.version,
      kind: pipelineVersions.kind,
      state: pipelineRuns.state,
      startedBy: users.name,
      trigger: pipelineRuns.trigger,
      isDirty: sourceBundles.isDirty,
      bundleDigest: sourceBundles.digest,
    })
    .from(pipelineRuns)
    .innerJoin(pipelines, eq(pipelines.id, pipelineRuns.pipelineId))
    .innerJoin(pipelineVersions, eq(pipelineVersions.id, pipelineRuns.pipelineVersionId))
    .innerJoin(sourceBundles, eq(sourceBundles.id, pipelineVersions.bundleId))
    .leftJoin(users, eq(users.id, pipelineRuns.startedBy))
    .where(eq(pipelineRuns.id, id));
  return row ?? null;
}

async function datasetVersionsOf(ctx: ServiceContext, pipelineRunId: string) {
  const ids = (await datasetVersionsReadBy(ctx.db, pipelineRunId)).map((dataset) => dataset.id);
  if (ids.length === 0) return [];
  return ctx.db
    .select({
      id: datasetVersions.id,
      dataset: datasets.name,
      version: datasetVersions.version,
      rows: datasetVersions.rows,
      digest: datasetVersions.digest,
    })
    .from(datasetVersions)
    .innerJoin(datasets, eq(datasets.id, datasetVersions.datasetId))
    .where(sql`${datasetVersions.id} in ${ids}`)
    .orderBy(asc(datasets.name), asc(datasetVersions.version));
}

async function evaluationsOf(ctx: ServiceContext, versionId: string) {
  const rows = await ctx.db
    .select({
      id: modelEvaluations.id,
      dataset: datasets.name,
      version: datasetVersions.version,
      target: modelEvaluations.target,
      result: modelEvaluations.result,
      createdAt: modelEvaluations.createdAt,
    })
    .from(modelEvaluations)
    .innerJoin(datasetVersions, eq(datasetVersions.id, modelEvaluations.datasetVersionId))
    .innerJoin(datasets, eq(datasets.id, datasetVersions.datasetId))
    .where(eq(modelEvaluations.modelVersionId, versionId))
    .orderBy(desc(modelEvaluations.createdAt));
  return rows.map(({ result, ...row }) => ({
    ...row,
    rows: result.rows,
    metrics: result.metrics,
    majorityShare: result.majorityShare,
    durationMs: result.durationMs,
  }));
}

async function promotionsOf(ctx: ServiceContext, versionId: string) {
  return ctx.db
    .select({
      number: promotions.number,
      state: promotions.state,
      environment: environments.name,
      createdAt: promotions.createdAt,
      proposedBy: users.name,
    })
    .from(promotions)
    .innerJoin(environments, eq(environments.id, promotions.environmentId))
    .innerJoin(users, eq(users.id, promotions.proposedBy))
    .where(eq(promotions.modelVersionId, versionId))
    .orderBy(desc(promotions.createdAt));
}

async function deploymentsOf(ctx: ServiceContext, versionId: string) {
  return ctx.db
    .select({
      number: deployments.number,
      state: deployments.state,
      environment: environments.name,
      activatedAt: deployments.activatedAt,
      endedAt: deployments.endedAt,
    })
    .from(deployments)
    .innerJoin(environments, eq(environments.id, deployments.environmentId))
    .where(eq(deployments.modelVersionId, versionId))
    .orderBy(desc(deployments.createdAt));
}
