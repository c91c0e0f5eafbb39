import { z } from "zod";
import {
  compareInput,
  experimentInput,
  historyInput,
  locateInput,
  previewInput,
  runInput,
  runsTableInput,
} from "@/domain/experiments/contracts";
import { projectProcedure, router, signedInProcedure } from "../trpc/init";
import { getExperiment, listExperiments } from "./queries";
import { retireRun } from "./retire-run";
import { previewArtifact } from "./views/artifact-preview";
import { locate } from "./views/locate";
import { compareRuns, metricCourses, runDetail } from "./views/run-detail";
import { runsFacets, runsTable } from "./views/runs-table";

const read = projectProcedure("experiments.read");

export const experimentsRouter = router({
  list: read.query(({ ctx }) => listExperiments(ctx, ctx.scope)),
  get: read.input(experimentInput).query(({ ctx, input }) => getExperiment(ctx, ctx.scope, input.experiment)),
  runs: read.input(runsTableInput).query(({ ctx, input }) => runsTable(ctx, ctx.scope, input)),
  facets: read
    .input(z.object({ experimentId: z.uuid() }))
    .query(({ ctx, input }) => runsFacets(ctx, ctx.scope, input.experimentId)),
  run: read.input(runInput).query(({ ctx, input }) => runDetail(ctx, ctx.scope, input.runId)),
  courses: read.input(historyInput).query(({ ctx, input }) => metricCourses(ctx, ctx.scope, input)),
  preview: read.input(previewInput).query(({ ctx, input }) => previewArtifact(ctx, ctx.scope, input)),
  compare: read.input(compareInput).query(({ ctx, input }) => compareRuns(ctx, ctx.scope, input.runIds)),
  /** Finds the project of a link that the MLflow client printed. */
  locate: signedInProcedure.input(locateInput).query(({ ctx, input }) => locate(ctx, ctx.actor, input)),
  deleteRun: projectProcedure("experiments.delete")
    .input(runInput)
    .mutation(({ ctx, input }) => retireRun(ctx, ctx.scope, { runId: input.runId, lifecycle: "deleted" })),
  restoreRun: projectProcedure("experiments.delete")
    .input(runInput)
    .mutation(({ ctx, input }) => retireRun(ctx, ctx.scope, { runId: input.runId, lifecycle: "active" })),
});
