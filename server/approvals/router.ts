import { z } from "zod";
import { projectProcedure, router } from "../trpc/init";
import { getApproval, listWaitingForMe } from "./queries";

/** Signing goes through the verb of each subject (`promotions.sign`), which knows what follows from it. */
export const approvalsRouter = router({
  waitingForMe: projectProcedure("approvals.read").query(({ ctx }) => listWaitingForMe(ctx, ctx.scope)),
  get: projectProcedure("approvals.read")
    .input(z.object({ approvalId: z.uuid() }))
    .query(({ ctx, input }) => getApproval(ctx, ctx.scope, input.approvalId)),
});
