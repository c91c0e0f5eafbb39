import { recentPredictionsInput, trafficInput } from "@/domain/serving/contracts";
import { projectProcedure, router } from "../trpc/init";
import { getTraffic, listRecentPredictions } from "./queries";

export const servingRouter = router({
  recent: projectProcedure("serving.read")
    .input(recentPredictionsInput)
    .query(({ ctx, input }) => listRecentPredictions(ctx, ctx.scope, input)),
  traffic: projectProcedure("serving.read")
    .input(trafficInput)
    .query(({ ctx, input }) => getTraffic(ctx, ctx.scope, input)),
});
