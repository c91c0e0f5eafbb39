import { RETURN_MEANING } from "@/domain/approvals/meanings";
import type { ReturnPromotion } from "@/domain/promotions/contracts";
import type { Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { recordDecision } from "./record-decision";

/** Returns a promotion with reasons: it is closed, and the author proposes anew when they are met. */
export async function returnPromotion(ctx: ServiceContext, scope: Scope<"promotions.return">, input: ReturnPromotion) {
  return recordDecision({ ctx, scope }, { ...input, decision: "returned", meaning: RETURN_MEANING, acceptedRules: [] });
}
