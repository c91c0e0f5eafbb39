import path from "node:path";
import { and, eq } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { datasets, datasetVersions } from "@/db/schema/data";
import { modelEvaluations, modelVersions, registeredModels } from "@/db/schema/registry";
import { AppError } from "@/domain/errors";
import type { Evaluation } from "@/domain/registry/types";
import type { ServiceContext } from "../context";
import { withScratch } from "../data/scratch";
import { newId } from "../ids";
import { recordLineage } from "../lineage/record-lineage";
import { publishEvent } from "../notifications/publish-event";
import { requestEvidenceOfVersion } from "../reviews/request-evidence";
import { runEvaluation } from "./run-evaluation";

export type EvaluationRequest = {
  readonly projectId: string;
  readonly modelVersionId: string;
  readonly datasetVersionId: string;
  readonly target: string;
};
export type EvaluationRecord = {
  readonly id: string;
  readonly result: Evaluation;
  readonly predictionsSha256: string;
  readonly onnxSha256: string;
  readonly datasetDigest: string;
  readonly isNew: boolean;
};

type Subject = Awaited<ReturnType<typeof subjectOf>>;

/**
 * The platform's own measurement: runs the registered ONNX file on a dataset version, in a process with limits.
 * Computed once per ONNX file, dataset digest and target; afterwards the record answers. Throws `precondition_failed`
 * where the version has no ONNX file, or model, data and target do not fit; `unavailable` where a limit ended it.
 */
export async function evaluateModel(ctx: ServiceContext, request: EvaluationRequest): Promise<EvaluationRecord> {
  const subject = await subjectOf(ctx, request);
  const known = await recordOf(ctx, request.projectId, subject);
  if (known) {
    await ctx.db.transaction((tx) => linkEvaluation(tx, request.projectId, { subject, evaluationId: known.id }));
    return known;
  }
  return withScratch(ctx, async (folder) => {
    const lines = path.join(folder, "predictions.jsonl");
    const result = await runEvaluation({
      onnx: await ctx.blobs.localPath(subject.onnxSha256),
      parquet: await ctx.blobs.localPath(subject.dataset.parquetSha256),
      signature: subject.signature,
      schema: subject.dataset.schema,
      target: request.target,
      lines,
    });
    const { sha256 } = await ctx.blobs.putFile(lines);
    await ctx.db.transaction(async (tx) => {
      const [written] = await tx
        .insert(modelEvaluations)
        .values({
          id: newId(),
          projectId: request.projectId,
          modelVersionId: request.modelVersionId,
          datasetVersionId: request.datasetVersionId,
          target: request.target,
          onnxSha256: subject.onnxSha256,
          datasetDigest: subject.dataset.digest,
          result,
          predictionsSha256: sha256,
          createdAt: ctx.clock(),
        })
        .onConflictDoNothing()
        .returning({ id: modelEvaluations.id });
      if (!written) return;
      await requestEvidenceOfVersion(tx, { ...request, requestId: ctx.requestId });
      await linkEvaluation(tx, request.projectId, { subject, evaluationId: written.id });
      await publishEvent(tx, request.projectId, "registry", request.modelVersionId);
    });
    // Another evaluation of the same pair may have been first: what stands in the record is the answer.
    const record = await recordOf(ctx, request.projectId, subject);
    if (!record) throw new Error("The evaluation was not written.");
    return { ...record, isNew: true };
  });
}

async function subjectOf(ctx: ServiceContext, request: EvaluationRequest) {
  const [[model], [data]] = await Promise.all([
    ctx.db
      .select({ version: modelVersions, name: registeredModels.name })
      .from(modelVersions)
      .innerJoin(registeredModels, eq(registeredModels.id, modelVersions.modelId))
      .where(and(eq(modelVersions.id, request.modelVersionId), eq(modelVersions.projectId, request.projectId))),
    ctx.db
      .select({ version: datasetVersions, name: datasets.name })
      .from(datasetVersions)
      .innerJoin(datasets, eq(datasets.id, datasetVersions.datasetId))
      .where(and(eq(datasetVersions.id, request.datasetVersionId), eq(datasetVersions.projectId, request.projectId))),
  ]);
  if (!model) throw new AppError("not_found", "model_version", "There is no such model version.");
  if (!data) throw new AppError("not_found", "dataset_version", "There is no such dataset version.");
  const { onnxSha256, signature } = model.version;
  if (!onnxSha256 || !signature)
    throw new AppError(
      "precondition_failed",
      "no_onnx",
      `${model.name} v${model.version.version} has no ONNX file, so the platform cannot evaluate it.`,
    );
  return {
    onnxSha256,
    signature,
    target: request.target,
    dataset: data.version,
    modelNode: {
      kind: "model_version" as const,
      reference: model.version.id,
      label: `${model.name} v${model.version.version}`,
    },
    dataNode: {
      kind: "dataset_version" as const,
      reference: data.version.id,
      label: `${data.name} v${data.version.version}`,
    },
  };
}

async function recordOf(ctx: ServiceContext, projectId: string, subject: Subject): Promise<EvaluationRecord | null> {
  const [row] = await ctx.db
    .select({
      id: modelEvaluations.id,
      result: modelEvaluations.result,
      predictionsSha256: modelEvaluations.predictionsSha256,
      onnxSha256: modelEvaluations.onnxSha256,
      datasetDigest: modelEvaluations.datasetDigest,
    })
    .from(modelEvaluations)
    .where(
      and(
        eq(modelEvaluations.projectId, projectId),
        eq(modelEvaluations.onnxSha256, subject.onnxSha256),
        eq(modelEvaluations.datasetDigest, subject.dataset.digest),
        eq(modelEvaluations.target, subject.target),
      ),
    );
  return row ? { ...row, isNew: false } : null;
}

async function linkEvaluation(
  tx: Transaction,
  projectId: string,
  link: { readonly subject: Subject; readonly evaluationId: string },
): Promise<void> {
  const evaluation = {
    kind: "evaluation" as const,
    reference: link.evaluationId,
    label: `evaluation on ${link.subject.dataNode.label}`,
  };
  await recordLineage(tx, projectId, [
    { from: link.subject.modelNode, to: evaluation, kind: "evaluated_by" },
    { from: link.subject.dataNode, to: evaluation, kind: "input_of" },
  ]);
}
