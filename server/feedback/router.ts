import { z } from "zod";
import {
  answerItemInput,
  commentItemInput,
  completeItemInput,
  createItemInput,
  itemsFilter,
  saveRetrainingPolicyInput,
  startRetrainingInput,
} from "@/domain/feedback/contracts";
import { RESOLUTION_KINDS } from "@/domain/feedback/types";
import { projectProcedure, router } from "../trpc/init";
import { answerItem } from "./answer-item";
import { commentItem } from "./comment-item";
import { completeItem } from "./complete-item";
import { createItem } from "./create-item";
import { getItem } from "./item-page";
import { listRetraining, retrainingChoices } from "./policy-queries";
import { causeOfRun, countItems, listItems, outcomeOfAlert, resolutionOptions } from "./queries";
import { saveRetrainingPolicy } from "./save-retraining-policy";
import { startRetraining } from "./start-retraining";

const read = projectProcedure("feedback.read");

export const feedbackRouter = router({
  list: read.input(itemsFilter).query(({ ctx, input }) => listItems(ctx, ctx.scope, input)),
  counts: read.query(({ ctx }) => countItems(ctx, ctx.scope)),
  get: read
    .input(z.object({ number: z.number().int().positive() }))
    .query(({ ctx, input }) => getItem(ctx, ctx.scope, input.number)),
  causeOfRun: read
    .input(z.object({ runId: z.uuid() }))
    .query(({ ctx, input }) => causeOfRun(ctx, ctx.scope, input.runId)),
  outcomeOfAlert: read
    .input(z.object({ alertId: z.uuid() }))
    .query(({ ctx, input }) => outcomeOfAlert(ctx, ctx.scope, input.alertId)),
  resolutions: read
    .input(z.object({ kind: z.enum(RESOLUTION_KINDS) }))
    .query(({ ctx, input }) => resolutionOptions(ctx, ctx.scope, input.kind)),
  create: projectProcedure("feedback.create")
    .input(createItemInput)
    .mutation(({ ctx, input }) => createItem(ctx, ctx.scope, input)),
  comment: projectProcedure("feedback.create")
    .input(commentItemInput)
    .mutation(({ ctx, input }) => commentItem(ctx, ctx.scope, input)),
  /** Open to all who may send feedback; the verb asks for the permission of the item's own arrow. */
  answer: projectProcedure("feedback.create")
    .input(z.object({ projectId: z.uuid() }).and(answerItemInput))
    .mutation(({ ctx, input }) => answerItem(ctx, ctx.scope, input)),
  complete: projectProcedure("feedback.create")
    .input(completeItemInput)
    .mutation(({ ctx, input }) => completeItem(ctx, ctx.scope, input)),
  retraining: projectProcedure("monitoring.read").query(({ ctx }) => listRetraining(ctx, ctx.scope)),
  retrainingChoices: projectProcedure("monitoring.read").query(({ ctx }) => retrainingChoices(ctx, ctx.scope)),
  saveRetrainingPolicy: projectProcedure("monitoring.edit_retraining")
    .input(saveRetrainingPolicyInput)
    .mutation(({ ctx, input }) => saveRetrainingPolicy(ctx, ctx.scope, input)),
  startRetraining: projectProcedure("monitoring.retrain")
    .input(startRetrainingInput)
    .mutation(({ ctx, input }) => startRetraining(ctx, ctx.scope, input)),
});
