import { and, eq, ne } from "drizzle-orm";
import { experiments } from "@/db/schema/experiments";
import { AppError } from "@/domain/errors";
import { experimentNameProblem, keyProblem, LIMITS } from "@/domain/experiments/names";
import { writeAudit } from "../audit/write-audit";
import type { Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { publishEvent } from "../notifications/publish-event";
import { assertActive, type Experiment, experimentById } from "./experiment-lookup";
import { makerOf } from "./run-access";

/** A new name, a tag that is set, or a tag that goes. */
export type ExperimentChange =
  | { readonly kind: "rename"; readonly name: string }
  | { readonly kind: "set_tag"; readonly key: string; readonly value: string }
  | { readonly kind: "delete_tag"; readonly key: string };

/** Changes the name or the tags of an active experiment. */
export async function changeExperiment(
  ctx: ServiceContext,
  scope: Scope<"experiments.write">,
  experimentId: string,
  change: ExperimentChange,
): Promise<void> {
  makerOf(scope);
  await ctx.db.transaction(async (tx) => {
    const { id } = await experimentById(tx, scope.projectId, experimentId);
    const [experiment] = await tx.select().from(experiments).where(eq(experiments.id, id)).for("no key update");
    if (!experiment) throw new AppError("not_found", "experiment", `No Experiment with id=${experimentId} exists`);
    assertActive(experiment);
    const next = changed(experiment, change);
    if (change.kind === "rename") {
      const isOther = and(
        eq(experiments.projectId, scope.projectId),
        eq(experiments.name, change.name),
        ne(experiments.id, id),
      );
      if ((await tx.$count(experiments, isOther)) > 0)
        throw new AppError("already_exists", "experiment_name", `Experiment '${change.name}' already exists.`);
    }
    const now = ctx.clock();
    await tx
      .update(experiments)
      .set({ ...next, updatedMs: now.getTime() })
      .where(eq(experiments.id, id));
    await writeAudit(tx, {
      actor: scope.actor,
      organisationId: scope.organisationId,
      projectId: scope.projectId,
      action: change.kind === "rename" ? "experiments.renamed" : "experiments.tagged",
      entity: { kind: "experiment", id },
      summary:
        change.kind === "rename"
          ? `renamed the experiment ${experiment.name} to ${change.name}`
          : `changed the tag ${change.key} of the experiment ${experiment.name}`,
      requestId: ctx.requestId,
      at: now,
    });
    await publishEvent(tx, scope.projectId, "experiments", id);
  });
}

function changed(experiment: Experiment, change: ExperimentChange): Partial<Pick<Experiment, "name" | "tags">> {
  if (change.kind === "rename") {
    const problem = experimentNameProblem(change.name);
    if (problem) throw new AppError("invalid_input", "experiment_name", problem);
    if (experiment.isDefault)
      throw new AppError("invalid_input", "default_experiment", "The default experiment keeps its name.");
    return { name: change.name };
  }
  const { [change.key]: existing, ...others } = experiment.tags;
  if (change.kind === "delete_tag") {
    if (existing === undefined)
      throw new AppError(
        "not_found",
        "tag",
        `No tag with name: ${change.key} in experiment with id ${experiment.number}`,
      );
    return { tags: others };
  }
  const problem = keyProblem(change.key, "key");
  if (problem) throw new AppError("invalid_input", "tag_key", problem);
  if (change.value.length > LIMITS.experimentTagValue)
    throw new AppError(
      "invalid_input",
      "tag_value",
      `'value' exceeds the maximum length of ${LIMITS.experimentTagValue} characters`,
    );
  return { tags: { ...experiment.tags, [change.key]: change.value } };
}
