import { AppError } from "@/domain/errors";
import { authorize, systemActor } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { loggedModelsOf } from "../experiments/logged-models";
import { runById } from "../experiments/run-access";
import { packageAt } from "./model-package";
import { ensureModel, registerVersion } from "./registration";
import { originOf } from "./version-origin";

export type PipelineRegistration = {
  readonly projectId: string;
  readonly pipelineRunId: string;
  /** The run of the step that logged the model. */
  readonly experimentRunId: string;
  /** Name of the registered model; made where it is missing. */
  readonly model: string;
  /** Name of the logged model, where the run has several. */
  readonly artifact?: string;
};

export type PipelineRegistered = {
  readonly modelId: string;
  readonly versionId: string;
  readonly name: string;
  readonly version: number;
  readonly onnxSha256: string | null;
};

/**
 * What the built-in step `register` does: makes a version of the model that a step of the same pipeline run
 * logged. Once for each pipeline run and model: a retried step gets the version that is there.
 * Throws `precondition_failed` where the run logged no model that is ready.
 */
export async function registerFromPipeline(
  ctx: ServiceContext,
  input: PipelineRegistration,
): Promise<PipelineRegistered> {
  const scope = await authorize(ctx, systemActor("pipelines"), "registry.register", input.projectId);
  const run = await runById(ctx.db, input.projectId, input.experimentRunId);
  if (run.pipelineRunId !== input.pipelineRunId)
    throw new AppError("precondition_failed", "other_run", `The run ${run.name} is none of this pipeline run.`);
  const logged = (await loggedModelsOf(ctx.db, input.projectId, { runId: run.id })).filter(
    (model) => model.status === "LOGGED_MODEL_READY" && (input.artifact === undefined || model.name === input.artifact),
  );
  const newest = [...logged].sort((a, b) => a.createdMs - b.createdMs).at(-1);
  if (!newest) {
    const named = input.artifact === undefined ? "no model" : `no model named ${input.artifact}`;
    throw new AppError(
      "precondition_failed",
      "no_model",
      `The run ${run.name} logged ${named}. Call mlflow.onnx.log_model in the step.`,
    );
  }
  const files = await packageAt(ctx, input.projectId, { root: newest.id, folder: "" });
  const { model, version } = await ctx.db.transaction(async (tx) => {
    await ensureModel(tx, ctx, scope, input.model);
    return registerVersion(tx, ctx, scope, {
      name: input.model,
      source: `models:/${newest.id}`,
      loggedModelId: newest.id,
      package: files,
      origin: await originOf(tx, scope, run.id),
      description: "",
      tags: {},
      sameAs: "pipeline_run",
    });
  });
  return {
    modelId: model.id,
    versionId: version.id,
    name: model.name,
    version: version.version,
    onnxSha256: version.onnxSha256,
  };
}
