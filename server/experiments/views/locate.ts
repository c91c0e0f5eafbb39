import { and, eq, inArray } from "drizzle-orm";
import { experimentRuns, experiments } from "@/db/schema/experiments";
import { AppError } from "@/domain/errors";
import type { LocateInput } from "@/domain/experiments/contracts";
import { experimentNumberOf, uuidOf } from "@/domain/experiments/identifiers";
import type { Actor } from "../../authz/actor";
import type { ServiceContext } from "../../context";
import { listProjects } from "../../projects/queries";

export type Located = {
  readonly projectSlug: string;
  readonly runId: string | null;
  readonly experiment: string | null;
};

/** Where a link that the MLflow client printed leads: a run or an experiment in one of the person's projects. */
export async function locate(ctx: ServiceContext, actor: Actor, input: LocateInput): Promise<Located> {
  const projects = await listProjects(ctx, actor);
  const slugOf = (projectId: string) => projects.find((project) => project.id === projectId)?.slug;
  const ids = projects.map((project) => project.id);
  const runId = input.runId ? uuidOf(input.runId) : null;
  const [run] =
    runId && ids.length > 0
      ? await ctx.db
          .select()
          .from(experimentRuns)
          .where(and(eq(experimentRuns.id, runId), inArray(experimentRuns.projectId, ids)))
      : [];
  const runSlug = run && slugOf(run.projectId);
  if (run && runSlug) return { projectSlug: runSlug, runId: run.id, experiment: null };
  const number = input.runId || !input.experimentId ? null : experimentNumberOf(input.experimentId);
  const [experiment] =
    number !== null && ids.length > 0
      ? await ctx.db
          .select()
          .from(experiments)
          .where(and(eq(experiments.number, number), inArray(experiments.projectId, ids)))
      : [];
  const slug = experiment && slugOf(experiment.projectId);
  if (experiment && slug) return { projectSlug: slug, runId: null, experiment: experiment.name };
  throw new AppError("not_found", "run", "There is no such run.");
}
