import {
  changeViewInput,
  createViewInput,
  lookupInput,
  returnViewInput,
  signViewInput,
  viewByName,
  viewRef,
  viewVersionRef,
} from "@/domain/features/contracts";
import { projectProcedure, router } from "../trpc/init";
import { changeView } from "./change-view";
import { createView } from "./create-view";
import { lookUpOnline } from "./look-up-online";
import { materializeView } from "./materialize-view";
import { getView, listViews } from "./queries";
import { returnView } from "./return-view";
import { signView } from "./sign-view";
import { getImpact } from "./view-uses";

export const featuresRouter = router({
  list: projectProcedure("features.read").query(({ ctx }) => listViews(ctx, ctx.scope)),
  byName: projectProcedure("features.read")
    .input(viewByName)
    .query(({ ctx, input }) => getView(ctx, ctx.scope, input.name)),
  impact: projectProcedure("features.read")
    .input(viewRef)
    .query(({ ctx, input }) => getImpact(ctx, ctx.scope, input.viewId)),
  lookUp: projectProcedure("features.read")
    .input(lookupInput)
    .query(({ ctx, input }) => lookUpOnline(ctx, ctx.scope, input)),
  create: projectProcedure("features.edit")
    .input(createViewInput)
    .mutation(({ ctx, input: { projectId: _, ...input } }) => createView(ctx, ctx.scope, input)),
  change: projectProcedure("features.edit")
    .input(changeViewInput)
    .mutation(({ ctx, input: { projectId: _, ...input } }) => changeView(ctx, ctx.scope, input)),
  sign: projectProcedure("features.sign")
    .input(signViewInput)
    .mutation(({ ctx, input: { projectId: _, ...input } }) => signView(ctx, ctx.scope, input)),
  return: projectProcedure("features.sign")
    .input(returnViewInput)
    .mutation(({ ctx, input: { projectId: _, ...input } }) => returnView(ctx, ctx.scope, input)),
  publish: projectProcedure("features.publish")
    .input(viewVersionRef)
    .mutation(({ ctx, input }) =>
      materializeView(ctx, ctx.scope, { viewVersionId: input.viewVersionId, mayPublish: true }),
    ),
  refresh: projectProcedure("features.run_production")
    .input(viewVersionRef)
    .mutation(({ ctx, input }) =>
      materializeView(ctx, ctx.scope, { viewVersionId: input.viewVersionId, mayPublish: false }),
    ),
});
