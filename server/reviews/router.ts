import { z } from "zod";
import {
  closeReviewInput,
  createSliceInput,
  openReviewInput,
  openThreadInput,
  recordVerdictInput,
  reopenThreadInput,
  replyInput,
  resolveThreadInput,
  retireSliceInput,
  reviewsFilter,
} from "@/domain/reviews/contracts";
import { projectProcedure, router } from "../trpc/init";
import { closeReview } from "./close-review";
import { createSlice } from "./create-slice";
import { openReview } from "./open-review";
import { openThread } from "./open-thread";
import { countReviews, listReviews, listSlices, reviewOfSubject } from "./queries";
import { recordVerdict } from "./record-verdict";
import { reopenThread } from "./reopen-thread";
import { replyToThread } from "./reply-to-thread";
import { resolveThread } from "./resolve-thread";
import { retireSlice } from "./retire-slice";
import { getReview } from "./review-page";

const subject = z.union([z.object({ modelVersionId: z.uuid() }), z.object({ experimentRunId: z.uuid() })]);

export const reviewsRouter = router({
  list: projectProcedure("reviews.read")
    .input(reviewsFilter)
    .query(({ ctx, input }) => listReviews(ctx, ctx.scope, input)),
  counts: projectProcedure("reviews.read").query(({ ctx }) => countReviews(ctx, ctx.scope)),
  get: projectProcedure("reviews.read")
    .input(z.object({ number: z.number().int().positive() }))
    .query(({ ctx, input }) => getReview(ctx, ctx.scope, input.number)),
  /** The review that a run's or a version's page links to; null where there was none. */
  ofSubject: projectProcedure("reviews.read")
    .input(subject)
    .query(({ ctx, input }) => reviewOfSubject(ctx, ctx.scope, input)),
  slices: projectProcedure("reviews.read").query(({ ctx }) => listSlices(ctx, ctx.scope)),
  open: projectProcedure("reviews.comment")
    .input(openReviewInput)
    .mutation(({ ctx, input }) => openReview(ctx, ctx.scope, input)),
  verdict: projectProcedure("reviews.verdict")
    .input(recordVerdictInput)
    .mutation(({ ctx, input }) => recordVerdict(ctx, ctx.scope, input)),
  openThread: projectProcedure("reviews.comment")
    .input(openThreadInput)
    .mutation(({ ctx, input }) => openThread(ctx, ctx.scope, input)),
  reply: projectProcedure("reviews.comment")
    .input(replyInput)
    .mutation(({ ctx, input }) => replyToThread(ctx, ctx.scope, input)),
  resolveThread: projectProcedure("reviews.comment")
    .input(resolveThreadInput)
    .mutation(({ ctx, input }) => resolveThread(ctx, ctx.scope, input)),
  reopenThread: projectProcedure("reviews.comment")
    .input(reopenThreadInput)
    .mutation(({ ctx, input }) => reopenThread(ctx, ctx.scope, input)),
  close: projectProcedure("reviews.comment")
    .input(closeReviewInput)
    .mutation(({ ctx, input }) => closeReview(ctx, ctx.scope, input)),
  createSlice: projectProcedure("reviews.comment")
    .input(createSliceInput)
    .mutation(({ ctx, input }) => createSlice(ctx, ctx.scope, input)),
  retireSlice: projectProcedure("reviews.comment")
    .input(retireSliceInput)
    .mutation(({ ctx, input }) => retireSlice(ctx, ctx.scope, input)),
});
