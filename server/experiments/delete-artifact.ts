import { and, eq, or, sql } from "drizzle-orm";
import { artifactFiles } from "@/db/schema/experiments";
import { AppError } from "@/domain/errors";
import { deleteRefusal, isOwnRun } from "@/domain/experiments/policy";
import { writeAudit } from "../audit/write-audit";
import { userIdOf } from "../authz/actor";
import type { Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { publishEvent } from "../notifications/publish-event";
import { locateArtifact } from "./artifact-roots";
import { liveModelsOf } from "./live-models";
import { originOf, runById } from "./run-access";

/**
 * Takes a file, or a folder, from the list of one's own run or its model; already gone is fine. The bytes
 * stay in the store: registered versions name them by digest.
 */
export async function deleteArtifact(ctx: ServiceContext, scope: Scope<"experiments.delete">, fullPath: string): Promise<void> {
  const refusal = await ctx.db.transaction(async (tx) => {
    const { owner, path } = await locateArtifact(tx, scope.projectId, fullPath);
    const run = owner.runId ? await runById(tx, scope.projectId, owner.runId) : null;
    const isOwn = run !== null && isOwnRun(originOf(run), userIdOf(scope.actor));
    const refused = deleteRefusal({ isOwn, reach: scope.reach, liveModels: run ? await liveModelsOf(tx, [run.id]) : [] });
    const isBelow = path === "" ? sql`true` : or(eq(artifactFiles.path, path), sql`starts_with(${artifactFiles.path}, ${`${path}/`})`);
    const gone = refused ? [] : await tx.delete(artifactFiles).where(and(eq(artifactFiles.root, owner.root), isBelow)).returning({ path: artifactFiles.path });
    if (!refused && gone.length === 0) return null;
    await writeAudit(tx, {
      actor: scope.actor,
      organisationId: scope.organisationId,
      projectId: scope.projectId,
      action: refused ? "experiments.artifact_delete_refused" : "experiments.artifact_deleted",
      entity: { kind: owner.kind === "run" ? "experiment_run" : "logged_model", id: owner.root },
      summary: refused ? `tried to delete the artifact ${path}` : `deleted the artifact ${path || "folder"} (${gone.length} files)`,
      details: refused ? { refusal: refused } : {},
      requestId: ctx.requestId,
      at: ctx.clock(),
    });
    if (!refused) await publishEvent(tx, scope.projectId, "experiments", owner.runId ?? owner.root);
    return refused;
  });
  if (refusal) throw new AppError("forbidden", "delete_refused", refusal);
}
