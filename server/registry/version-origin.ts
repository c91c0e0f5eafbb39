import { and, eq, inArray } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { datasets, datasetVersions } from "@/db/schema/data";
import { runTags } from "@/db/schema/experiments";
import { pipelineRuns, pipelineVersions, sourceBundles, stepAttempts } from "@/db/schema/pipelines";
import { userIdOf } from "../authz/actor";
import type { Scope } from "../authz/authorize";
import { runById } from "../experiments/run-access";

/** Where a version comes from, as far as the record says. */
export type Origin = {
  readonly kind: "production" | "development" | "outside";
  readonly experimentRun: { readonly id: string; readonly name: string } | null;
  readonly pipelineRunId: string | null;
  readonly commit: string | null;
  /** Who registered it; in a pipeline who started the run, null where a policy did. */
  readonly registeredBy: string | null;
  readonly datasetVersions: readonly { readonly id: string; readonly label: string }[];
};

/** The origin of a version that is registered from an experiment run, or from none. */
export async function originOf(
  db: Executor,
  scope: Scope<"registry.register">,
  experimentRunId: string | null,
): Promise<Origin> {
  const actorId = userIdOf(scope.actor);
  if (experimentRunId === null)
    return {
      kind: "outside",
      experimentRun: null,
      pipelineRunId: null,
      commit: null,
      registeredBy: actorId,
      datasetVersions: [],
    };
  const run = await runById(db, scope.projectId, experimentRunId);
  const experimentRun = { id: run.id, name: run.name };
  const pipeline = run.pipelineRunId ? await pipelineOf(db, run.pipelineRunId) : null;
  if (!pipeline)
    return {
      kind: "outside",
      experimentRun,
      pipelineRunId: null,
      commit: await loggedCommit(db, run.id),
      registeredBy: actorId,
      datasetVersions: [],
    };
  return {
    kind: pipeline.kind,
    experimentRun,
    pipelineRunId: pipeline.id,
    commit: pipeline.commit,
    registeredBy: actorId ?? pipeline.startedBy,
    datasetVersions: await datasetVersionsReadBy(db, pipeline.id),
  };
}

async function pipelineOf(db: Executor, pipelineRunId: string) {
  const [row] = await db
    .select({
      id: pipelineRuns.id,
      startedBy: pipelineRuns.startedBy,
      kind: pipelineVersions.kind,
      commit: sourceBundles.commit,
    })
    .from(pipelineRuns)
    .innerJoin(pipelineVersions, eq(pipelineVersions.id, pipelineRuns.pipelineVersionId))
    .innerJoin(sourceBundles, eq(sourceBundles.id, pipelineVersions.bundleId))
    .where(eq(pipelineRuns.id, pipelineRunId));
  return row ?? null;
}

/** The commit that the client noted when the script ran under Git. */
async function loggedCommit(db: Executor, runId: string): Promise<string | null> {
  const [tag] = await db
    .select({ value: runTags.value })
    .from(runTags)
    .where(and(eq(runTags.runId, runId), eq(runTags.key, "mlflow.source.git.commit")));
  return tag && /^[0-9a-f]{7,64}$/.test(tag.value) ? tag.value : null;
}

/** Every dataset version that a step of the pipeline run was given. */
export async function datasetVersionsReadBy(db: Executor, pipelineRunId: string): Promise<Origin["datasetVersions"]> {
  const attempts = await db
    .select({ inputs: stepAttempts.inputs, outputs: stepAttempts.outputs })
    .from(stepAttempts)
    .where(eq(stepAttempts.runId, pipelineRunId));
  const artifacts = attempts.flatMap((attempt) => [
    ...Object.values(attempt.inputs),
    ...Object.values(attempt.outputs ?? {}),
  ]);
  const ids = [...new Set(artifacts.flatMap((artifact) => artifact.datasetVersionId ?? []))];
  if (ids.length === 0) return [];
  const rows = await db
    .select({ id: datasetVersions.id, version: datasetVersions.version, name: datasets.name })
    .from(datasetVersions)
    .innerJoin(datasets, eq(datasets.id, datasetVersions.datasetId))
    .where(inArray(datasetVersions.id, ids));
  return rows.map((row) => ({ id: row.id, label: `${row.name} v${row.version}` }));
}
