import { AppError } from "@/domain/errors";
import { uuidOf } from "@/domain/experiments/identifiers";
import type { KeyValue } from "@/domain/experiments/types";
import { modelSourceOf } from "@/domain/registry/model-source";
import { recordRefusal } from "../audit/record-refusal";
import type { Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { locateArtifact } from "../experiments/artifact-roots";
import { mapOf } from "../experiments/create-logged-model";
import { loggedModelById } from "../experiments/logged-models";
import { runById } from "../experiments/run-access";
import { modelByName, versionByNumber } from "./model-lookup";
import { EMPTY_PACKAGE, type ModelPackage, packageAt } from "./model-package";
import { type Registered, registerVersion } from "./registration";
import { originOf } from "./version-origin";

export type NewVersion = {
  readonly name: string;
  readonly source: string;
  readonly runId?: string | undefined;
  readonly loggedModelId?: string | undefined;
  readonly description?: string | undefined;
  readonly tags: readonly KeyValue[];
};

type Resolved = {
  readonly package: ModelPackage;
  readonly loggedModelId: string | null;
  readonly experimentRunId: string | null;
};

/**
 * Registers a version from a source: a logged model, another version, a folder of artifacts of this server,
 * or an address elsewhere, which is kept as text and never fetched. A step's token registers from its own run.
 */
export async function createModelVersion(
  ctx: ServiceContext,
  scope: Scope<"registry.register">,
  input: NewVersion,
): Promise<Registered> {
  const resolved = await resolveSource(ctx, scope, input);
  const experimentRunId = await namedRun(ctx, scope, input, resolved);
  if (scope.actor.kind === "run" && (experimentRunId === null || experimentRunId !== scope.actor.experimentRunId)) {
    const sentence = "A step's token may register only what its own experiment run logged.";
    const refusal = new AppError("forbidden", "run_token", sentence);
    const entity = { kind: "project", id: scope.projectId };
    const tried = { action: "registry.register_refused", entity, summary: `was refused to register ${input.name}` };
    await recordRefusal(ctx, scope, tried, refusal);
    throw refusal;
  }
  return ctx.db.transaction(async (tx) =>
    registerVersion(tx, ctx, scope, {
      name: input.name,
      source: input.source,
      loggedModelId: resolved.loggedModelId,
      package: resolved.package,
      origin: await originOf(tx, scope, experimentRunId),
      description: input.description ?? "",
      tags: mapOf(input.tags),
      sameAs: "logged_model",
    }),
  );
}

async function namedRun(
  ctx: ServiceContext,
  scope: Scope,
  input: NewVersion,
  resolved: Resolved,
): Promise<string | null> {
  if (!input.runId) return resolved.experimentRunId;
  const run = await runById(ctx.db, scope.projectId, input.runId);
  if (resolved.experimentRunId !== null && uuidOf(input.runId) !== resolved.experimentRunId) {
    throw new AppError(
      "invalid_input",
      "run_id",
      `The source ${input.source} did not come from the run ${input.runId}.`,
    );
  }
  return run.id;
}

async function resolveSource(ctx: ServiceContext, scope: Scope, input: NewVersion): Promise<Resolved> {
  const source = modelSourceOf(input.source);
  if (!source)
    throw new AppError(
      "invalid_input",
      "model_source",
      `Invalid model version source: '${input.source}'. Log the model to a run of this server first.`,
    );
  if (source.kind === "elsewhere") return { package: EMPTY_PACKAGE, loggedModelId: null, experimentRunId: null };
  if (source.kind === "version") return copyOf(ctx, scope, source);
  const { root, folder } =
    source.kind === "logged_model" ? { root: source.id, folder: "" } : await folderAt(ctx, scope, source.path);
  const isModel = root.startsWith("m-");
  const model = isModel ? await loggedModelById(ctx.db, scope.projectId, root) : null;
  const found = await packageAt(ctx, scope.projectId, { root, folder });
  if (found.files.length === 0)
    throw new AppError(
      "invalid_input",
      "model_source",
      `Unable to find a model at '${input.source}': nothing was logged there.`,
    );
  return { package: found, loggedModelId: model?.id ?? null, experimentRunId: model ? model.sourceRunId : root };
}

async function folderAt(
  ctx: ServiceContext,
  scope: Scope,
  path: string,
): Promise<{ readonly root: string; readonly folder: string }> {
  const { owner, path: folder } = await locateArtifact(ctx.db, scope.projectId, path);
  return { root: owner.root, folder };
}

async function copyOf(
  ctx: ServiceContext,
  scope: Scope,
  source: { readonly name: string; readonly version: number },
): Promise<Resolved> {
  const model = await modelByName(ctx.db, scope.projectId, source.name);
  const version = await versionByNumber(ctx.db, model, source.version);
  const onnx = version.files.find((file) => file.sha256 === version.onnxSha256) ?? null;
  return {
    package: { files: version.files, onnx, signature: version.signature, problem: null },
    loggedModelId: version.loggedModelId,
    experimentRunId: version.experimentRunId,
  };
}
