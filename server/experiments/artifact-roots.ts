import { and, asc, eq } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { artifactFiles } from "@/db/schema/experiments";
import { AppError } from "@/domain/errors";
import { normaliseArtifactPath } from "@/domain/experiments/artifact-path";
import { isLoggedModelId, runIdOf, uuidOf } from "@/domain/experiments/identifiers";
import { experimentById, experimentIdOf } from "./experiment-lookup";
import { loggedModelById } from "./logged-models";
import { type RunRow, runById } from "./run-access";

/** Whose files: a run's or a logged model's. `root` is the key in `artifact_files`. */
export type ArtifactRoot = { readonly kind: "run" | "model"; readonly root: string; readonly runId: string | null };

const invalidPath = () => new AppError("invalid_input", "artifact_path", "Invalid path");

/** The address that makes the client upload over HTTP. */
export function runArtifactUri(run: Pick<RunRow, "id" | "experiment">): string {
  return `mlflow-artifacts:/${experimentIdOf(run.experiment)}/${runIdOf(run.id)}/artifacts`;
}

export function modelArtifactUri(
  experiment: { readonly number: number; readonly isDefault: boolean },
  modelId: string,
): string {
  return `mlflow-artifacts:/${experimentIdOf(experiment)}/models/${modelId}/artifacts`;
}

/** A path that was percent-decoded once, in its one form; throws MLflow's "Invalid path" where it leaves its root. */
export function confinedPath(decoded: string): string {
  const path = normaliseArtifactPath(decoded);
  if (path === null) throw invalidPath();
  return path;
}

/**
 * Splits `<experiment>/<run>/artifacts/<path>` or `<experiment>/models/<model>/artifacts/<path>` (confined
 * before, so that its check comes before any look-up) and finds whose files they are.
 */
export async function locateArtifact(
  db: Executor,
  projectId: string,
  fullPath: string,
): Promise<{ readonly owner: ArtifactRoot; readonly path: string }> {
  const [experimentId = "", second = "", ...rest] = fullPath.split("/");
  const [id = "", marker, ...tail] = second === "models" ? rest : [second, ...rest];
  if (marker !== "artifacts") throw new AppError("not_found", "artifact", `No such artifact: '${fullPath}'`);
  const experiment = await experimentById(db, projectId, experimentId);
  const path = tail.join("/");
  if (second === "models") {
    const model = isLoggedModelId(id) ? await loggedModelById(db, projectId, id) : null;
    if (!model || model.experimentId !== experiment.id)
      throw new AppError("not_found", "artifact", `No such artifact: '${fullPath}'`);
    return { owner: { kind: "model", root: model.id, runId: model.sourceRunId }, path };
  }
  const run = uuidOf(id) ? await runById(db, projectId, id) : null;
  if (!run || run.experimentId !== experiment.id)
    throw new AppError("not_found", "artifact", `No such artifact: '${fullPath}'`);
  return { owner: { kind: "run", root: run.id, runId: run.id }, path };
}

export type ArtifactFile = typeof artifactFiles.$inferSelect;

/** All files below a root, by path. */
export async function filesOf(db: Executor, projectId: string, root: string): Promise<readonly ArtifactFile[]> {
  return db
    .select()
    .from(artifactFiles)
    .where(and(eq(artifactFiles.root, root), eq(artifactFiles.projectId, projectId)))
    .orderBy(asc(artifactFiles.path));
}

export async function fileAt(
  db: Executor,
  projectId: string,
  at: { readonly root: string; readonly path: string },
): Promise<ArtifactFile> {
  const [file] = await db
    .select()
    .from(artifactFiles)
    .where(
      and(eq(artifactFiles.root, at.root), eq(artifactFiles.path, at.path), eq(artifactFiles.projectId, projectId)),
    );
  if (!file) throw new AppError("not_found", "artifact", `No such artifact: '${at.path}'`);
  return file;
}
