import { changeInput, impactInput, lineageInput, nodeSearchInput, splitInput } from "@/domain/lineage/contracts";
import { projectProcedure, router } from "../trpc/init";
import { getImpact } from "./impact";
import { getLineage, reportOfChange, searchNodes, splitsOfRun } from "./queries";

export const lineageRouter = router({
  /** Causes or consequences of one artefact, or both, as nodes and edges. */
  get: projectProcedure("lineage.read")
    .input(lineageInput)
    .query(({ ctx, input }) => getLineage(ctx, ctx.scope, input)),
  /** What depends on something that somebody is about to change, by kind. */
  impact: projectProcedure("lineage.read")
    .input(impactInput)
    .query(({ ctx, input }) => getImpact(ctx, ctx.scope, input)),
  /** The report that was kept when something was changed. */
  changeReport: projectProcedure("lineage.read")
    .input(changeInput)
    .query(({ ctx, input }) => reportOfChange(ctx, ctx.scope, input)),
  /** How a run's training rows were kept apart from the hold-outs. */
  splits: projectProcedure("lineage.read")
    .input(splitInput)
    .query(({ ctx, input }) => splitsOfRun(ctx, ctx.scope, input.runId)),
  /** Nodes by a part of their label. */
  search: projectProcedure("lineage.read")
    .input(nodeSearchInput)
    .query(({ ctx, input }) => searchNodes(ctx, ctx.scope, input)),
});
