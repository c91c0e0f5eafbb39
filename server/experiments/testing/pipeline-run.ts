import { runTokens } from "@/db/schema/identity";
import {
  pipelineRunSteps,
  pipelineRuns,
  pipelines,
  pipelineVersions,
  sourceBundles,
  stepAttempts,
} from "@/db/schema/pipelines";
import type { PipelineKind } from "@/domain/pipelines/status";
import { sha256 } from "../../blobs/digest";
import { newId } from "../../ids";
import { nextNumber } from "../../projects/next-number";
import type { World } from "../../testing/world";

export type MadeRun = { readonly runId: string; readonly attemptId: string };

/** A pipeline run with one attempt of a step `train`, started by somebody. */
export async function pipelineRun(
  world: World,
  startedBy: string,
  kind: PipelineKind = "production",
): Promise<MadeRun> {
  const projectId = world.project.id;
  const [bundleId, pipelineId, versionId, runId, stepId, attemptId] = Array.from({ length: 6 }, newId) as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  const plan = { name: "rain", kind, parameters: [], steps: [] };
  await world.db.transaction(async (tx) => {
    await tx.insert(sourceBundles).values({
      id: bundleId,
      projectId,
      digest: sha256(bundleId),
      bytes: 1,
      files: [],
      commit: "5be02f1c",
      isDirty: false,
      pushedBy: startedBy,
    });
    await tx.insert(pipelines).values({ id: pipelineId, projectId, name: `rain-${pipelineId.slice(-6)}` });
    await tx.insert(pipelineVersions).values({
      id: versionId,
      projectId,
      pipelineId,
      version: 1,
      kind,
      bundleId,
      definition: "",
      plan,
      planDigest: "",
      createdBy: startedBy,
    });
    await tx.insert(pipelineRuns).values({
      id: runId,
      projectId,
      number: await nextNumber(tx, projectId),
      pipelineId,
      pipelineVersionId: versionId,
      parameters: {},
      datasets: {},
      startedBy,
    });
    await tx.insert(pipelineRunSteps).values({ id: stepId, projectId, runId, key: "train", position: 0 });
    await tx
      .insert(stepAttempts)
      .values({ id: attemptId, projectId, runId, stepId, attempt: 1, state: "running", host: "test", inputs: {} });
  });
  return { runId, attemptId };
}

/** The token of that attempt, for its own experiment run. */
export async function runTokenOf(world: World, made: MadeRun & { readonly experimentRunId: string }): Promise<string> {
  const secret = `csr_${newId()}`;
  const { runId, attemptId, experimentRunId } = made;
  await world.db.insert(runTokens).values({
    id: newId(),
    projectId: world.project.id,
    runId,
    attemptId,
    experimentRunId,
    sha256: sha256(secret),
    leasedAt: new Date(),
  });
  return secret;
}
