import { and, asc, eq, isNull } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { modelVersions, registeredModels } from "@/db/schema/registry";
import { AppError } from "@/domain/errors";
import type { LineageEdge } from "@/domain/lineage/types";
import { modelNameProblem } from "@/domain/registry/policy";
import { writeAudit } from "../audit/write-audit";
import type { Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { newId } from "../ids";
import { recordLineage } from "../lineage/record-lineage";
import { publishEvent } from "../notifications/publish-event";
import { requestEvidenceOfVersion } from "../reviews/request-evidence";
import { type ModelVersion, modelByName, type RegisteredModel } from "./model-lookup";
import type { ModelPackage } from "./model-package";
import { CONTRACT_PROBLEM_TAG } from "./promotion-problem";
import type { Origin } from "./version-origin";

export type Registration = {
  readonly name: string;
  /** As the client wrote it. */
  readonly source: string;
  readonly loggedModelId: string | null;
  readonly package: ModelPackage;
  readonly origin: Origin;
  readonly description: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Which earlier version of the same pipeline run is this one already: any, or only one from the same logged model. */
  readonly sameAs: "pipeline_run" | "logged_model";
};

export type Registered = { readonly model: RegisteredModel; readonly version: ModelVersion; readonly isNew: boolean };

/** Makes the registered model of this name where it is missing; true where it did. */
export async function ensureModel(
  tx: Transaction,
  ctx: ServiceContext,
  scope: Scope<"registry.register">,
  name: string,
): Promise<boolean> {
  const problem = modelNameProblem(name);
  if (problem) throw new AppError("invalid_input", "model_name", problem);
  const now = ctx.clock();
  const userId = scope.actor.kind === "person" || scope.actor.kind === "service" ? scope.actor.userId : null;
  const [made] = await tx
    .insert(registeredModels)
    .values({ id: newId(), projectId: scope.projectId, name, createdBy: userId, createdAt: now, updatedAt: now })
    .onConflictDoNothing()
    .returning({ id: registeredModels.id });
  if (!made) return false;
  await writeAudit(tx, {
    actor: scope.actor,
    organisationId: scope.organisationId,
    projectId: scope.projectId,
    action: "registry.model_created",
    entity: { kind: "registered_model", id: made.id },
    summary: `created the registered model ${name}`,
    requestId: ctx.requestId,
    at: now,
  });
  return true;
}

/**
 * Adds the next version of a registered model, under the model's row lock: number, lineage, audit row and
 * event in the caller's transaction. A pipeline run registers a model once, however often its step runs.
 */
export async function registerVersion(
  tx: Transaction,
  ctx: ServiceContext,
  scope: Scope<"registry.register">,
  registration: Registration,
): Promise<Registered> {
  const model = await modelByName(tx, scope.projectId, registration.name, { isLocked: true });
  const earlier = await earlierVersion(tx, model, registration);
  if (earlier) return { model, version: earlier, isNew: false };
  const now = ctx.clock();
  const { origin, package: files } = registration;
  const [version] = await tx
    .insert(modelVersions)
    .values({
      id: newId(),
      projectId: scope.projectId,
      modelId: model.id,
      version: model.lastVersion + 1,
      source: registration.source,
      loggedModelId: registration.loggedModelId,
      onnxSha256: files.onnx?.sha256 ?? null,
      onnxBytes: files.onnx?.bytes ?? null,
      files: files.files,
      signature: files.signature,
      experimentRunId: origin.experimentRun?.id ?? null,
      pipelineRunId: origin.pipelineRunId,
      origin: origin.kind,
      commit: origin.commit,
      description: registration.description,
      tags:
        files.problem === null ? registration.tags : { ...registration.tags, [CONTRACT_PROBLEM_TAG]: files.problem },
      registeredBy: origin.registeredBy,
      createdAt: now,
      updatedAt: now,
    })
    .returning();
  if (!version) throw new Error("The model version was not written.");
  await tx
    .update(registeredModels)
    .set({ lastVersion: version.version, updatedAt: now })
    .where(eq(registeredModels.id, model.id));
  await auditRegistration(tx, ctx, scope, { model, version });
  await requestEvidenceOfVersion(tx, {
    projectId: scope.projectId,
    modelVersionId: version.id,
    requestId: ctx.requestId,
  });
  await recordLineage(tx, scope.projectId, lineageOf(model, version, origin));
  await publishEvent(tx, scope.projectId, "registry", model.id);
  return { model, version, isNew: true };
}

async function earlierVersion(
  tx: Transaction,
  model: RegisteredModel,
  { origin, sameAs, loggedModelId }: Registration,
): Promise<ModelVersion | null> {
  if (origin.pipelineRunId === null || (sameAs === "logged_model" && loggedModelId === null)) return null;
  const isSame =
    sameAs === "logged_model" && loggedModelId !== null ? eq(modelVersions.loggedModelId, loggedModelId) : undefined;
  const [earlier] = await tx
    .select()
    .from(modelVersions)
    .where(
      and(
        eq(modelVersions.modelId, model.id),
        eq(modelVersions.pipelineRunId, origin.pipelineRunId),
        isSame,
        isNull(modelVersions.deletedAt),
      ),
    )
    .orderBy(asc(modelVersions.version))
    .limit(1);
  return earlier ?? null;
}

async function auditRegistration(
  tx: Transaction,
  ctx: ServiceContext,
  scope: Scope,
  { model, version }: { readonly model: RegisteredModel; readonly version: ModelVersion },
): Promise<void> {
  await writeAudit(tx, {
    actor: scope.actor,
    organisationId: scope.organisationId,
    projectId: scope.projectId,
    action: "registry.registered",
    entity: { kind: "model_version", id: version.id },
    summary: `registered ${model.name} v${version.version}`,
    details: {
      model: model.name,
      version: version.version,
      onnxSha256: version.onnxSha256,
      experimentRunId: version.experimentRunId,
      pipelineRunId: version.pipelineRunId,
      commit: version.commit,
      origin: version.origin,
      registeredBy: version.registeredBy,
    },
    requestId: ctx.requestId,
    at: version.createdAt,
  });
}

/** Experiment run → version, and what went into that run: dataset versions and, outside of a pipeline, the commit. */
function lineageOf(model: RegisteredModel, version: ModelVersion, origin: Origin): readonly LineageEdge[] {
  if (!origin.experimentRun) return [];
  const run = { kind: "experiment_run", reference: origin.experimentRun.id, label: origin.experimentRun.name } as const;
  const runId = origin.pipelineRunId === null ? {} : { runId: origin.pipelineRunId };
  const inputs = origin.datasetVersions.map(
    (dataset): LineageEdge => ({
      from: { kind: "dataset_version", reference: dataset.id, label: dataset.label },
      to: run,
      kind: "input_of",
      ...runId,
    }),
  );
  const commit: LineageEdge[] =
    origin.commit === null || origin.pipelineRunId !== null
      ? []
      : [
          {
            from: { kind: "commit", reference: origin.commit, label: origin.commit.slice(0, 8) },
            to: run,
            kind: "input_of",
          },
        ];
  return [
    ...inputs,
    ...commit,
    {
      from: run,
      to: { kind: "model_version", reference: version.id, label: `${model.name} v${version.version}` },
      kind: "produced",
      ...runId,
    },
  ];
}
