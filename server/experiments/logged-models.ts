import { and, eq, inArray, isNull, type SQL } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { experiments, loggedModels } from "@/db/schema/experiments";
import { AppError } from "@/domain/errors";
import type { Scope } from "../authz/authorize";
import { writableRun } from "./run-access";

export type LoggedModelRow = typeof loggedModels.$inferSelect & {
  readonly experiment: { readonly number: number; readonly isDefault: boolean };
};

async function selectModels(db: Executor, condition: SQL | undefined): Promise<readonly LoggedModelRow[]> {
  const rows = await db
    .select({ model: loggedModels, experiment: { number: experiments.number, isDefault: experiments.isDefault } })
    .from(loggedModels)
    .innerJoin(experiments, eq(experiments.id, loggedModels.experimentId))
    .where(condition);
  return rows.map(({ model, experiment }) => ({ ...model, experiment }));
}

/** A logged model of the project; another project's, and a deleted one, is not found. */
export async function loggedModelById(
  db: Executor,
  projectId: string,
  id: string,
  options: { readonly isDeletedShown?: boolean } = {},
): Promise<LoggedModelRow> {
  const [model] = await selectModels(
    db,
    and(
      eq(loggedModels.id, id),
      eq(loggedModels.projectId, projectId),
      options.isDeletedShown ? undefined : isNull(loggedModels.deletedMs),
    ),
  );
  if (!model) throw new AppError("not_found", "logged_model", `Logged model with ID '${id}' not found.`);
  return model;
}

/** Logged models of experiments, or of a run; deleted ones left out. */
export async function loggedModelsOf(
  db: Executor,
  projectId: string,
  of: { readonly experimentIds: readonly string[] } | { readonly runId: string },
): Promise<readonly LoggedModelRow[]> {
  const isWanted =
    "runId" in of ? eq(loggedModels.sourceRunId, of.runId) : inArray(loggedModels.experimentId, [...of.experimentIds]);
  return selectModels(db, and(eq(loggedModels.projectId, projectId), isNull(loggedModels.deletedMs), isWanted));
}

/** A logged model that the actor may change: whoever may write to the run that it came from. */
export async function writableModel(
  db: Executor,
  scope: Scope<"experiments.write">,
  id: string,
): Promise<LoggedModelRow> {
  const model = await loggedModelById(db, scope.projectId, id);
  if (model.sourceRunId) await writableRun(db, scope, model.sourceRunId);
  else if (scope.actor.kind === "run")
    throw new AppError(
      "forbidden",
      "run_token",
      "A step's token may change only the models of its own experiment run.",
    );
  return model;
}
