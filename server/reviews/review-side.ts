import { asc, desc, eq, inArray } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { datasets, datasetVersions } from "@/db/schema/data";
import { artifactFiles, experimentRuns, latestMetrics, runParams } from "@/db/schema/experiments";
import { featureViews, featureViewVersions, trainingSets } from "@/db/schema/features";
import { pipelineRuns } from "@/db/schema/pipelines";
import type { ReviewedFile, ReviewSide } from "@/domain/reviews/types";
import { codeOf } from "../promotions/changes";
import { datasetVersionsAbove } from "../promotions/gate-input";
import type { ReviewedVersion } from "./record";

/** More files than this are not listed: a thread anchors to what people look at. */
const MOST_FILES = 200;

export type SideSource = {
  readonly projectId: string;
  readonly version: ReviewedVersion | null;
  readonly experimentRunId: string | null;
};

/** Dataset versions above a model version or an experiment run in the lineage. */
async function dataAbove(db: Executor, source: SideSource): Promise<ReviewSide["data"]> {
  const node = source.version
    ? ({ kind: "model_version", reference: source.version.id } as const)
    : ({ kind: "experiment_run", reference: source.experimentRunId ?? "" } as const);
  const ids = [...(await datasetVersionsAbove(db, source.projectId, node))];
  if (ids.length === 0) return [];
  const rows = await db
    .select({
      name: datasets.name,
      version: datasetVersions.version,
      digest: datasetVersions.digest,
      rows: datasetVersions.rows,
    })
    .from(datasetVersions)
    .innerJoin(datasets, eq(datasets.id, datasetVersions.datasetId))
    .where(inArray(datasetVersions.id, ids))
    .orderBy(datasets.name, datasetVersions.version);
  return rows.map(({ name, version, ...row }) => ({ ...row, name: `${name} v${version}` }));
}

async function trainedOn(
  db: Executor,
  pipelineRunId: string | null,
): Promise<Pick<ReviewSide, "trainingSet" | "features">> {
  if (!pipelineRunId) return { trainingSet: null, features: [] };
  const [row] = await db
    .select({
      set: trainingSets,
      view: featureViews.name,
      version: featureViewVersions.version,
      digest: featureViewVersions.digest,
    })
    .from(trainingSets)
    .innerJoin(featureViewVersions, eq(featureViewVersions.id, trainingSets.viewVersionId))
    .innerJoin(featureViews, eq(featureViews.id, featureViewVersions.viewId))
    .where(eq(trainingSets.runId, pipelineRunId))
    .orderBy(desc(trainingSets.createdAt), desc(trainingSets.id))
    .limit(1);
  if (!row) return { trainingSet: null, features: [] };
  const { parquetSha256, rows, labelColumn, featureColumns } = row.set;
  return {
    trainingSet: { digest: parquetSha256, rows, labelColumn, featureColumns },
    features: [{ name: `${row.view} v${row.version}`, digest: row.digest }],
  };
}

async function filesOf(db: Executor, source: SideSource): Promise<readonly ReviewedFile[]> {
  const logged = source.experimentRunId
    ? await db
        .select({ path: artifactFiles.path, sha256: artifactFiles.sha256, bytes: artifactFiles.bytes })
        .from(artifactFiles)
        .where(eq(artifactFiles.root, source.experimentRunId))
        .orderBy(asc(artifactFiles.path))
        .limit(MOST_FILES)
    : [];
  const packaged = (source.version?.files ?? []).map(({ path, sha256, bytes }) => ({ path, sha256, bytes }));
  const known = new Set(packaged.map(({ path }) => path));
  return [...packaged, ...logged.filter(({ path }) => !known.has(path))]
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .slice(0, MOST_FILES);
}

/** One side of a review as the record has it, with what its author logged. Nothing is measured here. */
export async function sideOf(
  db: Executor,
  source: SideSource,
): Promise<{ readonly side: ReviewSide; readonly logged: Readonly<Record<string, number>> }> {
  const { version, experimentRunId } = source;
  const [run] = experimentRunId
    ? await db.select().from(experimentRuns).where(eq(experimentRuns.id, experimentRunId))
    : [];
  const pipelineRunId = version?.pipelineRunId ?? run?.pipelineRunId ?? null;
  const [params, metrics, [pipelineRun], data, trained, code, artifacts] = await Promise.all([
    experimentRunId ? db.select().from(runParams).where(eq(runParams.runId, experimentRunId)) : [],
    experimentRunId ? db.select().from(latestMetrics).where(eq(latestMetrics.runId, experimentRunId)) : [],
    pipelineRunId
      ? db.select({ number: pipelineRuns.number }).from(pipelineRuns).where(eq(pipelineRuns.id, pipelineRunId))
      : [],
    dataAbove(db, source),
    trainedOn(db, pipelineRunId),
    codeOf(db, pipelineRunId),
    filesOf(db, source),
  ]);
  return {
    side: {
      label: version?.name ?? run?.name ?? "the run",
      modelVersionId: version?.id ?? null,
      modelDigest: version?.onnxSha256 ?? null,
      experimentRunId,
      experimentRunName: run?.name ?? null,
      pipelineRun: pipelineRun?.number ?? null,
      parameters: Object.fromEntries(params.map(({ key, value }) => [key, value])),
      columns: version?.signature?.columns.map(({ name }) => name) ?? [],
      data,
      ...trained,
      code,
      artifacts,
      problem: null,
    },
    // What is not a number has no place in canonical JSON; the run's page shows it.
    logged: Object.fromEntries(
      metrics.filter(({ value }) => Number.isFinite(value)).map(({ key, value }) => [key, value]),
    ),
  };
}
