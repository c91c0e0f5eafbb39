import { lineageInput } from "@/domain/lineage/contracts";
import { projectProcedure, router } from "../trpc/init";
import { getLineage } from "./queries";

export const lineageRouter = router({
  /** Causes or consequences of one artefact, as nodes and edges. */
  get: projectProcedure("lineage.read")
    .input(lineageInput)
    .query(({ ctx, input }) => getLineage(ctx, ctx.scope, input)),
});
