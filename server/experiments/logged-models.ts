import { and, eq, isNull } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { loggedModels } from "@/db/schema/experiments";
import { AppError } from "@/domain/errors";
import type { Scope } from "../authz/authorize";
import { writableRun } from "./run-access";

export type LoggedModelRow = typeof loggedModels.$inferSelect;

/** A logged model of the project; another project's, and a deleted one, is not found. */
export async function loggedModelById(db: Executor, projectId: string, id: string, options: { readonly isDeletedShown?: boolean } = {}): Promise<LoggedModelRow> {
  const isModel = and(eq(loggedModels.id, id), eq(loggedModels.projectId, projectId), options.isDeletedShown ? undefined : isNull(loggedModels.deletedMs));
  const [model] = await db.select().from(loggedModels).where(isModel);
  if (!model) throw new AppError("not_found", "logged_model", `Logged model with ID '${id}' not found.`);
  return model;
}

/** A logged model that the actor may change: whoever may write to the run that it came from. */
export async function writableModel(db: Executor, scope: Scope<"experiments.write">, id: string): Promise<LoggedModelRow> {
  const model = await loggedModelById(db, scope.projectId, id);
  if (model.sourceRunId) await writableRun(db, scope, model.sourceRunId);
  else if (scope.actor.kind === "run") throw new AppError("forbidden", "run_token", "A step's token may change only the models of its own experiment run.");
  return model;
}
