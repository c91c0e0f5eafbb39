import { z } from "zod";
import {
  promotionsFilter,
  proposePromotionInput,
  publishPolicyInput,
  returnPromotionInput,
  signPromotionInput,
  withdrawPromotionInput,
} from "@/domain/promotions/contracts";
import { projectProcedure, router } from "../trpc/init";
import { evaluateAgain } from "./evaluate-again";
import { listPolicies, policyChoices } from "./policy-queries";
import { getPromotion } from "./promotion-page";
import { proposePromotion } from "./propose-promotion";
import { publishPolicy } from "./publish-policy";
import { countPromotions, listCandidates, listPromotions, proposalOptions } from "./queries";
import { returnPromotion } from "./return-promotion";
import { signPromotion } from "./sign-promotion";
import { withdrawPromotion } from "./withdraw-promotion";

export const promotionsRouter = router({
  list: projectProcedure("promotions.read")
    .input(promotionsFilter)
    .query(({ ctx, input }) => listPromotions(ctx, ctx.scope, input)),
  counts: projectProcedure("promotions.read").query(({ ctx }) => countPromotions(ctx, ctx.scope)),
  get: projectProcedure("promotions.read")
    .input(z.object({ number: z.number().int().positive() }))
    .query(({ ctx, input }) => getPromotion(ctx, ctx.scope, input.number)),
  /** Versions that could be proposed, and for one of them each environment with the reason why not. */
  candidates: projectProcedure("promotions.read").query(({ ctx }) => listCandidates(ctx, ctx.scope)),
  options: projectProcedure("promotions.read")
    .input(z.object({ modelVersionId: z.uuid() }))
    .query(({ ctx, input }) => proposalOptions(ctx, ctx.scope, input.modelVersionId)),
  policies: projectProcedure("promotions.read").query(({ ctx }) => listPolicies(ctx, ctx.scope)),
  policyChoices: projectProcedure("promotions.read").query(({ ctx }) => policyChoices(ctx, ctx.scope)),
  propose: projectProcedure("promotions.propose")
    .input(proposePromotionInput)
    .mutation(({ ctx, input }) => proposePromotion(ctx, ctx.scope, input)),
  sign: projectProcedure("promotions.sign")
    .input(signPromotionInput)
    .mutation(({ ctx, input }) => signPromotion(ctx, ctx.scope, input)),
  return: projectProcedure("promotions.return")
    .input(returnPromotionInput)
    .mutation(({ ctx, input }) => returnPromotion(ctx, ctx.scope, input)),
  withdraw: projectProcedure("promotions.withdraw")
    .input(withdrawPromotionInput)
    .mutation(({ ctx, input }) => withdrawPromotion(ctx, ctx.scope, input)),
  evaluateAgain: projectProcedure("promotions.propose")
    .input(z.object({ promotionId: z.uuid() }))
    .mutation(({ ctx, input }) => evaluateAgain(ctx, ctx.scope, input)),
  publishPolicy: projectProcedure("promotions.edit_policy")
    .input(publishPolicyInput)
    .mutation(({ ctx, input }) => publishPolicy(ctx, ctx.scope, input)),
});
