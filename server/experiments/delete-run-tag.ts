import { and, eq } from "drizzle-orm";
import { runTags } from "@/db/schema/experiments";
import { AppError } from "@/domain/errors";
import type { Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { writableRun } from "./run-access";
import { tellRunActivity } from "./run-activity";

/** Takes a tag from a run; one that it has not is not found. */
export async function deleteRunTag(
  ctx: ServiceContext,
  scope: Scope<"experiments.write">,
  input: { readonly runId: string; readonly key: string },
): Promise<void> {
  const run = await writableRun(ctx.db, scope, input.runId);
  const gone = await ctx.db
    .delete(runTags)
    .where(and(eq(runTags.runId, run.id), eq(runTags.key, input.key)))
    .returning({ key: runTags.key });
  if (gone.length === 0)
    throw new AppError("not_found", "tag", `No tag with name: ${input.key} in run with id ${input.runId}`);
  await tellRunActivity(ctx, scope.projectId, run.id);
}
