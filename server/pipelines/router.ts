import { z } from "zod";
import {
  artifactInput,
  listRunsInput,
  logInput,
  rerunInput,
  runIdInput,
  startRunInput,
} from "@/domain/pipelines/contracts";
import { projectProcedure, router } from "../trpc/init";
import { previewArtifact } from "./artifact-preview";
import { cancelRun } from "./cancel-run";
import { getPipeline, getVersion, listPipelines, listRuns } from "./queries";
import { readLog } from "./read-log";
import { getRun } from "./run-page";
import { rerun, startRun } from "./start-run";

export const pipelinesRouter = router({
  list: projectProcedure("pipelines.read").query(({ ctx }) => listPipelines(ctx, ctx.scope)),
  get: projectProcedure("pipelines.read")
    .input(z.object({ name: z.string() }))
    .query(({ ctx, input }) => getPipeline(ctx, ctx.scope, input.name)),
  version: projectProcedure("pipelines.read")
    .input(z.object({ pipelineId: z.uuid(), version: z.number().int().positive() }))
    .query(({ ctx, input }) => getVersion(ctx, ctx.scope, input)),
  runs: projectProcedure("pipelines.read")
    .input(listRunsInput)
    .query(({ ctx, input }) => listRuns(ctx, ctx.scope, input)),
  run: projectProcedure("pipelines.read")
    .input(z.object({ number: z.number().int().positive() }))
    .query(({ ctx, input }) => getRun(ctx, ctx.scope, { number: input.number })),
  log: projectProcedure("pipelines.read")
    .input(logInput)
    .query(({ ctx, input }) => readLog(ctx, ctx.scope, input)),
  artifact: projectProcedure("pipelines.read")
    .input(artifactInput)
    .query(({ ctx, input }) => previewArtifact(ctx, ctx.scope, input)),
  start: projectProcedure("pipelines.run")
    .input(startRunInput)
    .mutation(({ ctx, input }) => startRun(ctx, ctx.scope, input)),
  rerun: projectProcedure("pipelines.run")
    .input(rerunInput)
    .mutation(({ ctx, input }) => rerun(ctx, ctx.scope, input)),
  cancel: projectProcedure("pipelines.cancel")
    .input(runIdInput)
    .mutation(({ ctx, input }) => cancelRun(ctx, ctx.scope, input)),
});
