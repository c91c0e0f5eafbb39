import { and, eq, type SQL, sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { experimentRuns, experiments } from "@/db/schema/experiments";
import { pipelineRuns } from "@/db/schema/pipelines";
import { AppError } from "@/domain/errors";
import { uuidOf } from "@/domain/experiments/identifiers";
import { type RunOrigin, type Writer, writeRefusal } from "@/domain/experiments/policy";
import { type Actor, userIdOf } from "../authz/actor";
import type { Scope } from "../authz/authorize";

export function writerOf(actor: Actor): Writer {
  if (actor.kind === "system") return { kind: "system" };
  if (actor.kind === "run") return { kind: "step", experimentRunId: actor.experimentRunId };
  return { kind: "user", userId: actor.userId };
}

/** The rule of `writeRefusal` as a condition on `experiment_runs r`, for writes that check and write in one statement. */
export function isWritableSql(actor: Actor): SQL {
  const writer = writerOf(actor);
  if (writer.kind === "system") return sql`true`;
  return writer.kind === "step"
    ? sql`r.id = ${writer.experimentRunId}::uuid`
    : sql`r.created_by = ${writer.userId}::uuid`;
}

export type RunRow = typeof experimentRuns.$inferSelect & {
  readonly experiment: {
    readonly id: string;
    readonly number: number;
    readonly isDefault: boolean;
    readonly lifecycle: "active" | "deleted";
    readonly name: string;
  };
  readonly startedBy: string | null;
};

/** A run of the project by its MLflow id (or UUID); another project's is not found. */
export async function runById(db: Executor, projectId: string, runId: string): Promise<RunRow> {
  const id = uuidOf(runId);
  const [row] =
    id === null ? [] : await selectRuns(db, and(eq(experimentRuns.id, id), eq(experimentRuns.projectId, projectId)));
  if (!row) throw new AppError("not_found", "run", `Run with id=${runId} not found`);
  return row;
}

async function selectRuns(db: Executor, condition: SQL | undefined): Promise<readonly RunRow[]> {
  const rows = await db
    .select({
      run: experimentRuns,
      experiment: {
        id: experiments.id,
        number: experiments.number,
        isDefault: experiments.isDefault,
        lifecycle: experiments.lifecycle,
        name: experiments.name,
      },
      startedBy: pipelineRuns.startedBy,
    })
    .from(experimentRuns)
    .innerJoin(experiments, eq(experiments.id, experimentRuns.experimentId))
    .leftJoin(pipelineRuns, eq(pipelineRuns.id, experimentRuns.pipelineRunId))
    .where(condition);
  return rows.map(({ run, experiment, startedBy }) => ({ ...run, experiment, startedBy }));
}

export function originOf(run: RunRow): RunOrigin {
  return { id: run.id, createdBy: run.createdBy, startedBy: run.startedBy };
}

/** A run that the actor may write to: active, in an active experiment, and their own. */
export async function writableRun(db: Executor, scope: Scope<"experiments.write">, runId: string): Promise<RunRow> {
  const run = await runById(db, scope.projectId, runId);
  const refusal = writeRefusal(originOf(run), writerOf(scope.actor));
  if (refusal) throw new AppError("forbidden", "not_own_run", refusal);
  if (run.lifecycle !== "active" || run.experiment.lifecycle !== "active") {
    throw new AppError(
      "invalid_input",
      "run_deleted",
      `The run ${runId} must be in the 'active' state. Current state is deleted.`,
    );
  }
  return run;
}

/** Whoever makes a run by a person's or a service's token owns it. Steps have theirs already. */
export function makerOf(scope: Scope): string {
  const userId = userIdOf(scope.actor);
  if (userId) return userId;
  throw new AppError(
    "forbidden",
    "run_token",
    "A step's token may write its own experiment run only; MLFLOW_RUN_ID names it.",
  );
}
