import type { Readable } from "node:stream";
import { artifactFiles } from "@/db/schema/experiments";
import { AppError } from "@/domain/errors";
import type { Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { type ArtifactRoot, locateArtifact } from "./artifact-roots";
import { writableModel } from "./logged-models";
import { writableRun } from "./run-access";
import { tellRunActivity } from "./run-activity";

export type Upload = { readonly fullPath: string; readonly body: Readable | Uint8Array; readonly mediaType: string };

/**
 * Streams a file into the blob store, then writes its row. Who may write is settled before the first byte
 * is read; over the limit it throws `too_large` and leaves neither row nor temporary file.
 */
export async function storeArtifact(
  ctx: ServiceContext,
  scope: Scope<"experiments.write">,
  upload: Upload,
): Promise<void> {
  const { owner, path } = await writableArtifact(ctx, scope, upload.fullPath);
  if (path === "") throw new AppError("invalid_input", "artifact_path", "Invalid path");
  const blob = await ctx.blobs.put(upload.body, ctx.config.uploadLimitBytes);
  const file = { sha256: blob.sha256, bytes: blob.bytes, mediaType: upload.mediaType, createdAt: ctx.clock() };
  await ctx.db
    .insert(artifactFiles)
    .values({ projectId: scope.projectId, root: owner.root, path, ...file })
    .onConflictDoUpdate({ target: [artifactFiles.root, artifactFiles.path], set: file });
  if (owner.runId) await tellRunActivity(ctx, scope.projectId, owner.runId);
}

export async function writableArtifact(
  ctx: ServiceContext,
  scope: Scope<"experiments.write">,
  fullPath: string,
): Promise<{ readonly owner: ArtifactRoot; readonly path: string }> {
  const located = await locateArtifact(ctx.db, scope.projectId, fullPath);
  if (located.owner.kind === "run") await writableRun(ctx.db, scope, located.owner.root);
  else await writableModel(ctx.db, scope, located.owner.root);
  return located;
}
