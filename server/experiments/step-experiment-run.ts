import { and, eq } from "drizzle-orm";
import type { Executor, Transaction } from "@/db/client";
import { experimentRuns } from "@/db/schema/experiments";
import { pipelineRuns, pipelines } from "@/db/schema/pipelines";
import { AppError } from "@/domain/errors";
import type { LineageNode } from "@/domain/lineage/types";
import { authorize, systemActor } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { newId } from "../ids";
import { recordLineage } from "../lineage/record-lineage";
import { publishEvent } from "../notifications/publish-event";
import { insertExperiment } from "./create-experiment";
import { insertTags, RUN_NAME_TAG } from "./create-run";
import { assertActive, type Experiment, experimentByName } from "./experiment-lookup";

export type StepExperimentRun = {
  /** Chosen by the caller where it must know it beforehand. */
  readonly id?: string;
  readonly projectId: string;
  /** Name of the experiment; made where it is missing. */
  readonly experiment: string;
  readonly pipelineRunId: string;
  readonly stepAttemptId: string;
  /** What people see, such as "train #184". */
  readonly name: string;
  readonly commit?: string | null;
};

/**
 * The experiment run of one attempt of a step; returns its id (the MLflow run id is the same without
 * dashes). Called once per attempt, in the caller's transaction where it gives one.
 */
export async function createStepExperimentRun(
  ctx: ServiceContext,
  input: StepExperimentRun,
  tx?: Transaction,
): Promise<string> {
  const scope = await authorize({ db: tx ?? ctx.db }, systemActor("pipelines"), "experiments.write", input.projectId);
  const create = async (inner: Transaction): Promise<string> => {
    await insertExperiment(inner, ctx, scope, { name: input.experiment, tags: {} });
    const experiment = await experimentByName(inner, input.projectId, input.experiment);
    if (!experiment) throw new AppError("not_found", "experiment", `There is no experiment ${input.experiment}.`);
    assertActive(experiment);
    return insertRun(inner, ctx, { input, experiment });
  };
  return tx ? create(tx) : ctx.db.transaction(create);
}

async function insertRun(
  tx: Transaction,
  ctx: ServiceContext,
  made: { readonly input: StepExperimentRun; readonly experiment: Experiment },
): Promise<string> {
  const { input, experiment } = made;
  const { id = newId() } = input;
  await tx.insert(experimentRuns).values({
    id,
    projectId: input.projectId,
    experimentId: experiment.id,
    name: input.name,
    userName: "pipeline",
    pipelineRunId: input.pipelineRunId,
    stepAttemptId: input.stepAttemptId,
    startMs: ctx.clock().getTime(),
  });
  const commit: [string, string][] = input.commit ? [["mlflow.source.git.commit", input.commit]] : [];
  await insertTags(tx, id, new Map([[RUN_NAME_TAG, input.name], ["mlflow.source.type", "PROJECT"], ...commit]));
  await recordLineage(tx, input.projectId, [
    {
      from: await pipelineRunNode(tx, input.pipelineRunId),
      to: { kind: "experiment_run", reference: id, label: input.name },
      kind: "produced",
      runId: input.pipelineRunId,
    },
  ]);
  await publishEvent(tx, input.projectId, "experiments", id);
  return id;
}

/** The lineage node of a pipeline run: "train-and-register #184". */
export async function pipelineRunNode(db: Executor, pipelineRunId: string): Promise<LineageNode> {
  const [run] = await db
    .select({ number: pipelineRuns.number, name: pipelines.name })
    .from(pipelineRuns)
    .innerJoin(pipelines, eq(pipelines.id, pipelineRuns.pipelineId))
    .where(eq(pipelineRuns.id, pipelineRunId));
  if (!run) throw new AppError("not_found", "pipeline_run", "There is no such pipeline run.");
  return { kind: "pipeline_run", reference: pipelineRunId, label: `${run.name} #${run.number}` };
}

/** Ends a step's experiment run as its attempt ended, unless its own client ended it in the same way already. */
export async function finishStepExperimentRun(
  ctx: ServiceContext,
  input: {
    readonly projectId: string;
    readonly experimentRunId: string;
    readonly status: "FINISHED" | "FAILED" | "KILLED";
  },
  tx?: Transaction,
): Promise<void> {
  const finish = async (inner: Transaction): Promise<void> => {
    const isRun = and(eq(experimentRuns.id, input.experimentRunId), eq(experimentRuns.projectId, input.projectId));
    const [run] = await inner.select().from(experimentRuns).where(isRun).for("no key update");
    if (!run || (run.status === input.status && run.endMs !== null)) return;
    await inner
      .update(experimentRuns)
      .set({ status: input.status, endMs: run.endMs ?? ctx.clock().getTime() })
      .where(isRun);
    await publishEvent(inner, input.projectId, "experiments", run.id);
  };
  await (tx ? finish(tx) : ctx.db.transaction(finish));
}
