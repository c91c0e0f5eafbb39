import { eq, sql } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { experimentRuns, experiments } from "@/db/schema/experiments";
import { pipelineRuns } from "@/db/schema/pipelines";
import { AppError } from "@/domain/errors";
import { deleteRefusal } from "@/domain/experiments/policy";
import { userIdOf } from "../authz/actor";
import type { Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { publishEvent } from "../notifications/publish-event";
import { type Experiment, experimentById } from "./experiment-lookup";
import { liveModelsOf } from "./live-models";
import { auditOutcome } from "./outcome-audit";

type Retirement = { readonly experimentId: string; readonly lifecycle: "active" | "deleted" };

/** Deletes an experiment with its runs (softly) or restores both. The default one stays; so does one whose run a live model depends on, or others made. */
export async function retireExperiment(
  ctx: ServiceContext,
  scope: Scope<"experiments.delete">,
  input: Retirement,
): Promise<void> {
  const refusal = await ctx.db.transaction(async (tx) => {
    const { id } = await experimentById(tx, scope.projectId, input.experimentId);
    const [experiment] = await tx.select().from(experiments).where(eq(experiments.id, id)).for("no key update");
    if (!experiment || experiment.lifecycle === input.lifecycle) {
      throw new AppError(
        "not_found",
        "experiment",
        `No ${input.lifecycle === "deleted" ? "active" : "deleted"} experiment with id=${input.experimentId} exists`,
      );
    }
    const refused = await refusalOf(tx, scope, experiment, input);
    if (!refused) {
      await tx
        .update(experiments)
        .set({ lifecycle: input.lifecycle, updatedMs: ctx.clock().getTime() })
        .where(eq(experiments.id, id));
      await tx.update(experimentRuns).set({ lifecycle: input.lifecycle }).where(eq(experimentRuns.experimentId, id));
    }
    const verb = input.lifecycle === "deleted" ? "delete" : "restore";
    await auditOutcome(tx, ctx, scope, {
      entity: { kind: "experiment", id },
      action: `experiments.${verb}d`,
      refusedAction: `experiments.${verb}_refused`,
      summary: `${verb}d the experiment ${experiment.name}`,
      refusedSummary: `tried to ${verb} the experiment ${experiment.name}`,
      refusal: refused,
    });
    if (!refused) await publishEvent(tx, scope.projectId, "experiments", id);
    return refused;
  });
  if (refusal) throw new AppError("forbidden", "delete_refused", refusal);
}

async function refusalOf(
  tx: Transaction,
  scope: Scope,
  experiment: Experiment,
  input: Retirement,
): Promise<string | null> {
  if (experiment.isDefault) return "The default experiment stays.";
  const userId = userIdOf(scope.actor);
  const runs = await tx
    .select({
      id: experimentRuns.id,
      isOwn: sql<boolean>`(${experimentRuns.createdBy} = ${userId} or ${pipelineRuns.startedBy} = ${userId}) is true`,
    })
    .from(experimentRuns)
    .leftJoin(pipelineRuns, eq(pipelineRuns.id, experimentRuns.pipelineRunId))
    .where(eq(experimentRuns.experimentId, experiment.id));
  const liveModels =
    input.lifecycle === "deleted"
      ? await liveModelsOf(
          tx,
          runs.map((run) => run.id),
        )
      : [];
  return deleteRefusal({ isOwn: runs.every((run) => run.isOwn), reach: scope.reach, liveModels });
}
