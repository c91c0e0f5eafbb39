import { and, asc, eq, inArray, isNull } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { datasets, datasetVersions } from "@/db/schema/data";
import { modelEvaluations } from "@/db/schema/registry";
import { slices } from "@/db/schema/reviews";
import { AppError } from "@/domain/errors";
import type { EvaluatedRow } from "@/domain/registry/types";
import { sliceMetricOf } from "@/domain/reviews/slices";
import type { MetricPair, ReviewEvidence, ReviewedEvaluation, SliceResult } from "@/domain/reviews/types";
import type { ServiceContext } from "../context";
import { evaluateModel } from "../serving/evaluate-model";
import { readEvaluatedRows } from "../serving/evaluated-rows";
import type { Review, ReviewedVersion } from "./record";
import type { ReviewPlan } from "./review-plan";
import { sideOf } from "./review-side";
import { computeSlices } from "./slice-rows";

/** One side run by the platform on the hold-out, or why that was not possible. */
type Answers =
  | {
      readonly metrics: Readonly<Record<string, number>>;
      readonly rows: readonly EvaluatedRow[];
      readonly problem: null;
    }
  | { readonly problem: string };
export type Measured = { readonly candidate: Answers | null; readonly base: Answers | null };

async function answersOf(
  ctx: ServiceContext,
  projectId: string,
  run: { readonly version: ReviewedVersion | null; readonly evaluation: ReviewPlan["evaluation"] },
): Promise<Answers | null> {
  if (!run.version || !run.evaluation) return null;
  try {
    const { result, predictionsSha256 } = await evaluateModel(ctx, {
      projectId,
      modelVersionId: run.version.id,
      datasetVersionId: run.evaluation.datasetVersionId,
      target: run.evaluation.target,
    });
    return { metrics: result.metrics, rows: await readEvaluatedRows(ctx, predictionsSha256), problem: null };
  } catch (error) {
    if (error instanceof AppError) return { problem: error.message };
    throw error;
  }
}

/** Runs both sides on the hold-out, or reads the runs that the record has. Long: nothing is locked meanwhile. */
export async function measurePlan(ctx: ServiceContext, projectId: string, plan: ReviewPlan): Promise<Measured> {
  const { evaluation } = plan;
  return {
    candidate: await answersOf(ctx, projectId, { version: plan.candidate, evaluation }),
    base: await answersOf(ctx, projectId, { version: plan.base, evaluation }),
  };
}

/** Every evaluation that the platform has of either side, whatever the dataset. */
async function evaluationsOf(
  db: Executor,
  projectId: string,
  versions: readonly ReviewedVersion[],
): Promise<readonly ReviewedEvaluation[]> {
  const digests = versions.flatMap(({ onnxSha256 }) => onnxSha256 ?? []);
  if (digests.length === 0) return [];
  const rows = await db
    .select({ evaluation: modelEvaluations, dataset: datasets.name, version: datasetVersions.version })
    .from(modelEvaluations)
    .innerJoin(datasetVersions, eq(datasetVersions.id, modelEvaluations.datasetVersionId))
    .innerJoin(datasets, eq(datasets.id, datasetVersions.datasetId))
    .where(and(eq(modelEvaluations.projectId, projectId), inArray(modelEvaluations.onnxSha256, digests)))
    .orderBy(asc(modelEvaluations.datasetDigest), asc(modelEvaluations.target), asc(modelEvaluations.onnxSha256));
  return rows.map(({ evaluation, dataset, version }) => ({
    model: versions.find(({ onnxSha256 }) => onnxSha256 === evaluation.onnxSha256)?.name ?? "",
    modelDigest: evaluation.onnxSha256,
    dataset: `${dataset} v${version}`,
    datasetDigest: evaluation.datasetDigest,
    target: evaluation.target,
    rows: evaluation.result.rows,
    metrics: evaluation.result.metrics,
  }));
}

const metricsIn = (answers: Answers | null) => (answers?.problem === null ? answers.metrics : {});
const rowsIn = (answers: Answers | null) => (answers?.problem === null ? answers.rows : null);

type Numbers = Readonly<Record<string, number>>;

function pairsOf(
  about: Pick<MetricPair, "source" | "scope">,
  candidate: Numbers,
  base: Numbers,
): readonly MetricPair[] {
  const names = [...new Set([...Object.keys(candidate), ...Object.keys(base)])].sort();
  return names.map((name) => ({
    key: `${about.source}.${name}`,
    name,
    ...about,
    candidate: candidate[name] ?? null,
    base: base[name] ?? null,
  }));
}

async function slicesOf(
  ctx: ServiceContext,
  projectId: string,
  about: { readonly plan: ReviewPlan; readonly measured: Measured; readonly metric: string },
): Promise<readonly SliceResult[]> {
  const { evaluation } = about.plan;
  const candidate = rowsIn(about.measured.candidate);
  const base = rowsIn(about.measured.base);
  if (!evaluation || (!candidate && !base)) return [];
  const kept = await ctx.db
    .select({ id: slices.id, name: slices.name, expression: slices.expression })
    .from(slices)
    .where(and(eq(slices.projectId, projectId), isNull(slices.retiredAt)))
    .orderBy(asc(slices.name), asc(slices.id));
  const dataset = { parquet: await ctx.blobs.localPath(evaluation.parquetSha256), schema: evaluation.schema };
  return computeSlices(dataset, { metric: about.metric, slices: kept, candidate, base });
}

/** Puts what was measured beside what the record says of both sides. The same record gives the same text. */
export async function evidenceOf(
  ctx: ServiceContext,
  review: Review,
  { plan, measured }: { readonly plan: ReviewPlan; readonly measured: Measured },
): Promise<ReviewEvidence> {
  const { projectId } = review;
  const { candidate, base, evaluation } = plan;
  const experimentRunId = review.experimentRunId ?? candidate?.experimentRunId ?? null;
  const mine = await sideOf(ctx.db, { projectId, version: candidate, experimentRunId });
  const theirs = base
    ? await sideOf(ctx.db, { projectId, version: base, experimentRunId: base.experimentRunId })
    : null;
  const metrics = { candidate: metricsIn(measured.candidate), base: metricsIn(measured.base) };
  const sliceMetric = sliceMetricOf({ ...metrics.base, ...metrics.candidate }, evaluation?.metric ?? "accuracy");
  return {
    reviewId: review.id,
    candidate: { ...mine.side, problem: measured.candidate?.problem ?? null },
    base: theirs && { ...theirs.side, problem: measured.base?.problem ?? null },
    evaluation: evaluation && {
      dataset: evaluation.dataset,
      datasetDigest: evaluation.digest,
      target: evaluation.target,
      metric: evaluation.metric,
      sliceMetric,
      rows: evaluation.rows,
    },
    metrics: [
      ...pairsOf({ source: "platform", scope: evaluation?.dataset ?? "" }, metrics.candidate, metrics.base),
      ...pairsOf({ source: "logged", scope: "" }, mine.logged, theirs?.logged ?? {}),
    ],
    evaluations: await evaluationsOf(
      ctx.db,
      projectId,
      [candidate, base].filter((version) => version !== null),
    ),
    slices: await slicesOf(ctx, projectId, { plan, measured, metric: sliceMetric }),
  };
}
