import { deploymentHistoryFilter, rollBackInput, trafficInput } from "@/domain/deployments/contracts";
import { projectProcedure, router } from "../trpc/init";
import { listCurrent, listHistory } from "./queries";
import { rollBack } from "./roll-back";
import { setTraffic } from "./set-traffic";

export const deploymentsRouter = router({
  list: projectProcedure("deployments.read").query(({ ctx }) => listCurrent(ctx, ctx.scope)),
  history: projectProcedure("deployments.read")
    .input(deploymentHistoryFilter)
    .query(({ ctx, input }) => listHistory(ctx, ctx.scope, input)),
  rollBack: projectProcedure("deployments.rollback")
    .input(rollBackInput)
    .mutation(({ ctx, input }) => rollBack(ctx, ctx.scope, input)),
  stopTraffic: projectProcedure("deployments.stop")
    .input(trafficInput)
    .mutation(({ ctx, input }) => setTraffic(ctx, ctx.scope, { ...input, act: "stop" })),
  resumeTraffic: projectProcedure("deployments.stop")
    .input(trafficInput)
    .mutation(({ ctx, input }) => setTraffic(ctx, ctx.scope, { ...input, act: "resume" })),
});
