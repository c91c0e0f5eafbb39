import { aliasInput, modelInput, versionInput } from "@/domain/registry/contracts";
import { projectProcedure, router } from "../trpc/init";
import { changeAlias } from "./change-alias";
import { getModel, getVersion, listModels } from "./version-detail";

const read = projectProcedure("registry.read");

export const registryRouter = router({
  list: read.query(({ ctx }) => listModels(ctx, ctx.scope)),
  get: read.input(modelInput).query(({ ctx, input }) => getModel(ctx, ctx.scope, input.name)),
  version: read.input(versionInput).query(({ ctx, input }) => getVersion(ctx, ctx.scope, input)),
  /** Sets or takes away an alias that does not follow what is deployed. */
  changeAlias: projectProcedure("registry.register")
    .input(aliasInput)
    .mutation(({ ctx, input }) => changeAlias(ctx, ctx.scope, input)),
});
