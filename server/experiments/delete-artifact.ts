import { and, eq, or, sql } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { artifactFiles } from "@/db/schema/experiments";
import { AppError } from "@/domain/errors";
import { deleteRefusal, isOwnRun } from "@/domain/experiments/policy";
import { userIdOf } from "../authz/actor";
import type { Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { publishEvent } from "../notifications/publish-event";
import { type ArtifactRoot, locateArtifact } from "./artifact-roots";
import { liveModelsOf } from "./live-models";
import { auditOutcome } from "./outcome-audit";
import { originOf, runById } from "./run-access";

/**
 * Takes a file, or a folder, from the list of one's own run or its model; already gone is fine. The bytes
 * stay in the store: registered versions name them by digest.
 */
export async function deleteArtifact(
  ctx: ServiceContext,
  scope: Scope<"experiments.delete">,
  fullPath: string,
): Promise<void> {
  const refusal = await ctx.db.transaction(async (tx) => {
    const located = await locateArtifact(tx, scope.projectId, fullPath);
    const refused = await refusalOf(tx, scope, located.owner);
    const gone = refused ? [] : await deleteBelow(tx, located);
    if (!refused && gone.length === 0) return null;
    const what = located.path || "all artifacts";
    await auditOutcome(tx, ctx, scope, {
      entity: { kind: located.owner.kind === "run" ? "experiment_run" : "logged_model", id: located.owner.root },
      action: "experiments.artifact_deleted",
      refusedAction: "experiments.artifact_delete_refused",
      summary: `deleted ${what} (${gone.length} files)`,
      refusedSummary: `tried to delete ${what}`,
      details: { files: gone.length },
      refusal: refused,
    });
    if (!refused) await publishEvent(tx, scope.projectId, "experiments", located.owner.runId ?? located.owner.root);
    return refused;
  });
  if (refusal) throw new AppError("forbidden", "delete_refused", refusal);
}

async function refusalOf(tx: Transaction, scope: Scope, owner: ArtifactRoot): Promise<string | null> {
  const run = owner.runId ? await runById(tx, scope.projectId, owner.runId) : null;
  const isOwn = run !== null && isOwnRun(originOf(run), userIdOf(scope.actor));
  return deleteRefusal({ isOwn, reach: scope.reach, liveModels: run ? await liveModelsOf(tx, [run.id]) : [] });
}

async function deleteBelow(tx: Transaction, at: { readonly owner: ArtifactRoot; readonly path: string }) {
  const isBelow =
    at.path === ""
      ? undefined
      : or(eq(artifactFiles.path, at.path), sql`starts_with(${artifactFiles.path}, ${`${at.path}/`})`);
  return tx
    .delete(artifactFiles)
    .where(and(eq(artifactFiles.root, at.owner.root), isBelow))
    .returning({ path: artifactFiles.path });
}
