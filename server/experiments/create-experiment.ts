import type { Transaction } from "@/db/client";
import { experiments } from "@/db/schema/experiments";
import { AppError } from "@/domain/errors";
import { experimentNameProblem } from "@/domain/experiments/names";
import { writeAudit } from "../audit/write-audit";
import type { Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { newId } from "../ids";
import { publishEvent } from "../notifications/publish-event";
import { defaultExperiment, type Experiment, experimentByName } from "./experiment-lookup";
import { makerOf } from "./run-access";

type NewExperiment = { readonly name: string; readonly tags: Readonly<Record<string, string>> };

/** A new experiment; its name is free only where no other, deleted ones included, has it. */
export async function createExperiment(
  ctx: ServiceContext,
  scope: Scope<"experiments.write">,
  input: NewExperiment,
): Promise<Experiment> {
  makerOf(scope);
  const problem = experimentNameProblem(input.name);
  if (problem) throw new AppError("invalid_input", "experiment_name", problem);
  return ctx.db.transaction(async (tx) => {
    await defaultExperiment(tx, scope.projectId);
    const experiment = await insertExperiment(tx, ctx, scope, input);
    if (!experiment) throw await nameTaken(tx, scope.projectId, input.name);
    await publishEvent(tx, scope.projectId, "experiments", experiment.id);
    return experiment;
  });
}

async function nameTaken(tx: Transaction, projectId: string, name: string): Promise<AppError> {
  const other = await experimentByName(tx, projectId, name);
  const hint = other?.lifecycle === "deleted" ? " It is deleted; restore it or choose another name." : "";
  return new AppError("already_exists", "experiment_name", `Experiment '${name}' already exists.${hint}`);
}

/** Inserts the row with its audit row; null where the name is taken. */
export async function insertExperiment(
  tx: Transaction,
  ctx: ServiceContext,
  scope: Scope,
  input: NewExperiment,
): Promise<Experiment | null> {
  const now = ctx.clock();
  const [row] = await tx
    .insert(experiments)
    .values({
      id: newId(),
      projectId: scope.projectId,
      name: input.name,
      tags: input.tags,
      createdMs: now.getTime(),
      updatedMs: now.getTime(),
    })
    .onConflictDoNothing()
    .returning();
  if (!row) return null;
  await writeAudit(tx, {
    actor: scope.actor,
    organisationId: scope.organisationId,
    projectId: scope.projectId,
    action: "experiments.created",
    entity: { kind: "experiment", id: row.id },
    summary: `created the experiment ${row.name}`,
    details: { number: row.number },
    requestId: ctx.requestId,
    at: now,
  });
  return row;
}
