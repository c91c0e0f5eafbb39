import { z } from "zod";
import {
  createDatasetInput,
  datasetRef,
  datasetVersionRef,
  previewInput,
  saveChecksInput,
} from "@/domain/data/contracts";
import { projectProcedure, router } from "../trpc/init";
import { createDataset } from "./create-dataset";
import { getDataset, getDatasetByName, getDatasetVersion, listDatasets, listReports, previewRows } from "./queries";
import { saveChecks } from "./save-checks";
import { validateDatasetVersion } from "./validate-dataset-version";

export const dataRouter = router({
  list: projectProcedure("data.read").query(({ ctx }) => listDatasets(ctx, ctx.scope)),
  get: projectProcedure("data.read")
    .input(datasetRef)
    .query(({ ctx, input }) => getDataset(ctx, ctx.scope, input.datasetId)),
  byName: projectProcedure("data.read")
    .input(z.object({ name: z.string() }))
    .query(({ ctx, input }) => getDatasetByName(ctx, ctx.scope, input.name)),
  getVersion: projectProcedure("data.read")
    .input(datasetVersionRef)
    .query(({ ctx, input }) => getDatasetVersion(ctx, ctx.scope, input.datasetVersionId)),
  previewRows: projectProcedure("data.read")
    .input(previewInput)
    .query(({ ctx, input }) => previewRows(ctx, ctx.scope, input)),
  reports: projectProcedure("data.read")
    .input(datasetVersionRef)
    .query(({ ctx, input }) => listReports(ctx, ctx.scope, input.datasetVersionId)),
  create: projectProcedure("data.import")
    .input(createDatasetInput)
    .mutation(({ ctx, input }) => createDataset(ctx, ctx.scope, input)),
  saveChecks: projectProcedure("data.edit_checks")
    .input(saveChecksInput)
    .mutation(({ ctx, input }) => saveChecks(ctx, ctx.scope, input)),
  validate: projectProcedure("data.import")
    .input(datasetVersionRef)
    .mutation(({ ctx, input }) => validateDatasetVersion(ctx, { scope: ctx.scope, ...input })),
});
