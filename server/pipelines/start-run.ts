import { and, desc, eq } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { pipelineRunSteps, pipelineRuns, pipelines, pipelineVersions, sourceBundles } from "@/db/schema/pipelines";
import { AppError } from "@/domain/errors";
import type { LineageEdge, LineageNode } from "@/domain/lineage/types";
import type { Rerun, StartRun } from "@/domain/pipelines/contracts";
import { resolveParameters } from "@/domain/pipelines/parameters";
import type { DatasetPins, ParameterValues } from "@/domain/pipelines/types";
import { pipelineRunMessage } from "@/domain/pipelines/workflow";
import { recordingRefusal } from "../audit/record-refusal";
import { writeAudit } from "../audit/write-audit";
import { userIdOf } from "../authz/actor";
import type { Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { newId } from "../ids";
import { recordLineage } from "../lineage/record-lineage";
import { publishEvent } from "../notifications/publish-event";
import { enqueue } from "../outbox/enqueue";
import { nextNumber } from "../projects/next-number";
import { pinDatasets } from "./pin-datasets";

export type StartedRun = { readonly runId: string; readonly number: number };

/** Why a run exists where no person pressed the button: shown on its page, and nobody is barred as its starter. */
export type Trigger = { readonly trigger: string };

/**
 * Starts a run of a pipeline's newest or named version. Parameters are checked against the definition, dataset
 * versions are fixed, and the workflow is started by the outbox after the commit.
 */
export async function startRun(
  ctx: ServiceContext,
  scope: Scope<"pipelines.run">,
  input: StartRun & Partial<Trigger>,
): Promise<StartedRun> {
  const found = await findVersion(ctx, scope.projectId, input);
  return begin(ctx, scope, { ...input, ...found, rerunOf: null });
}

/**
 * What a run will be, before it exists: the version found, its parameters checked and its dataset versions fixed.
 * Reads files, so it stands before the transaction. Refusals: `not_found`, and `invalid_input` with each parameter.
 */
export async function prepareRun(
  ctx: ServiceContext,
  projectId: string,
  input: StartRun & Partial<Trigger>,
): Promise<PreparedRun> {
  return prepare(ctx, projectId, { ...input, ...(await findVersion(ctx, projectId, input)), rerunOf: null });
}

/** Starts a run of the same version again, with changed parameters where given. */
export async function rerun(ctx: ServiceContext, scope: Scope<"pipelines.run">, input: Rerun): Promise<StartedRun> {
  const [earlier] = await ctx.db
    .select({
      pipelineId: pipelineRuns.pipelineId,
      versionId: pipelineRuns.pipelineVersionId,
      parameters: pipelineRuns.parameters,
    })
    .from(pipelineRuns)
    .where(and(eq(pipelineRuns.id, input.runId), eq(pipelineRuns.projectId, scope.projectId)));
  if (!earlier) throw new AppError("not_found", "run", "There is no such run.");
  const found = await findVersion(ctx, scope.projectId, {
    pipelineId: earlier.pipelineId,
    versionId: earlier.versionId,
  });
  return begin(ctx, scope, {
    ...found,
    parameters: { ...earlier.parameters, ...input.parameters },
    rerunOf: input.runId,
  });
}

type Found = Awaited<ReturnType<typeof findVersion>>;
type Beginning = Found & Partial<Trigger> & { readonly parameters: ParameterValues; readonly rerunOf: string | null };
export type PreparedRun = Beginning & {
  readonly datasets: DatasetPins;
  /** What it was started for, where no person wanted it: becomes the run's cause in the lineage. */
  readonly causes?: readonly LineageNode[];
};

async function findVersion(
  ctx: ServiceContext,
  projectId: string,
  wanted: { readonly pipelineId: string; readonly version?: number | undefined; readonly versionId?: string },
) {
  const [found] = await ctx.db
    .select({ pipeline: pipelines, pipelineVersion: pipelineVersions, bundle: sourceBundles })
    .from(pipelineVersions)
    .innerJoin(pipelines, eq(pipelines.id, pipelineVersions.pipelineId))
    .innerJoin(sourceBundles, eq(sourceBundles.id, pipelineVersions.bundleId))
    .where(
      and(
        eq(pipelines.id, wanted.pipelineId),
        eq(pipelines.projectId, projectId),
        wanted.version === undefined ? undefined : eq(pipelineVersions.version, wanted.version),
        wanted.versionId === undefined ? undefined : eq(pipelineVersions.id, wanted.versionId),
      ),
    )
    .orderBy(desc(pipelineVersions.version))
    .limit(1);
  if (!found) throw new AppError("not_found", "pipeline", "There is no such pipeline or version.");
  return found;
}

/** A start by somebody: a refusal of it leaves its audit row. */
function begin(ctx: ServiceContext, scope: Scope<"pipelines.run">, beginning: Beginning): Promise<StartedRun> {
  const { pipeline, pipelineVersion } = beginning;
  const tried = {
    action: "pipelines.start_refused",
    entity: { kind: "pipeline", id: pipeline.id },
    summary: `was refused to start ${pipeline.name} v${pipelineVersion.version}`,
  };
  return recordingRefusal(ctx, scope, tried, async () => {
    const prepared = await prepare(ctx, scope.projectId, beginning);
    return ctx.db.transaction((tx) => insertRun({ ctx, scope, tx }, prepared));
  });
}

async function prepare(ctx: ServiceContext, projectId: string, beginning: Beginning): Promise<PreparedRun> {
  const { plan } = beginning.pipelineVersion;
  const { values, problems } = resolveParameters(plan.parameters, beginning.parameters);
  if (problems.length > 0) {
    throw new AppError(
      "invalid_input",
      "parameters",
      problems.map((problem) => `${problem.name}: ${problem.reason}`).join(" "),
      { problems },
    );
  }
  return {
    ...beginning,
    parameters: values,
    datasets: await pinDatasets(ctx, projectId, { plan, parameters: values }),
  };
}

type Insertion = { readonly ctx: ServiceContext; readonly scope: Scope<"pipelines.run">; readonly tx: Transaction };

/** Writes the run and its start in the caller's transaction, so that what led to it and the run exist together or not at all. */
export async function insertRun({ ctx, scope, tx }: Insertion, run: PreparedRun): Promise<StartedRun> {
  const { projectId } = scope;
  const { pipeline, pipelineVersion } = run;
  const runId = newId();
  const startedBy = run.trigger === undefined ? userIdOf(scope.actor) : null;
  if (startedBy === null && run.trigger === undefined)
    throw new AppError("forbidden", "person_needed", "A run is started by a person, a service or a policy.");
  // Shared lineage nodes are locked before the project's counter, which every other writer takes last.
  await recordLineage(tx, projectId, lineageOf(run, { runId, label: pipeline.name }));
  const number = await nextNumber(tx, projectId);
  await tx.insert(pipelineRuns).values({
    id: runId,
    projectId,
    number,
    pipelineId: pipeline.id,
    pipelineVersionId: pipelineVersion.id,
    parameters: run.parameters,
    datasets: run.datasets,
    startedBy,
    ...(run.trigger !== undefined && { trigger: run.trigger }),
    rerunOf: run.rerunOf,
    createdAt: ctx.clock(),
  });
  await tx
    .insert(pipelineRunSteps)
    .values(
      pipelineVersion.plan.steps.map((step, position) => ({ id: newId(), projectId, runId, key: step.key, position })),
    );
  await writeAudit(tx, {
    actor: scope.actor,
    organisationId: scope.organisationId,
    projectId,
    action: "pipelines.run_started",
    entity: { kind: "pipeline_run", id: runId },
    summary: `started run #${number} of ${pipeline.name} v${pipelineVersion.version}`,
    details: {
      number,
      version: pipelineVersion.version,
      parameters: run.parameters,
      rerunOf: run.rerunOf,
      trigger: run.trigger ?? "person",
    },
    requestId: ctx.requestId,
    at: ctx.clock(),
  });
  await recordLineage(tx, projectId, lineageOf(run, { runId, label: `${pipeline.name} #${number}` }));
  await enqueue(tx, pipelineRunMessage("start", runId), ctx.requestId);
  await publishEvent(tx, projectId, "pipelines", runId);
  return { runId, number };
}

/** Code and data go into the run; a finding causes it. */
function lineageOf(run: PreparedRun, { runId, label }: { runId: string; label: string }): readonly LineageEdge[] {
  const to: LineageNode = { kind: "pipeline_run", reference: runId, label };
  const bundle: LineageNode = {
    kind: "source_bundle",
    reference: run.bundle.id,
    label: `${run.pipeline.name} v${run.pipelineVersion.version}`,
  };
  const data = Object.values(run.datasets).map(
    (pin): LineageNode => ({
      kind: "dataset_version",
      reference: pin.datasetVersionId,
      label: `${pin.dataset} v${pin.version}`,
    }),
  );
  return [
    ...[bundle, ...data].map((from): LineageEdge => ({ from, to, kind: "input_of", runId })),
    ...(run.causes ?? []).map((from): LineageEdge => ({ from, to, kind: "triggered", runId })),
  ];
}
