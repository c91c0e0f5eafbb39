import { RETURN_MEANING } from "@/domain/approvals/meanings";
import type { ReturnView } from "@/domain/features/contracts";
import type { Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { recordDecision } from "./record-decision";

/** Returns a version with reasons: its approval is over. What should stand instead is saved as the next version. */
export async function returnView(ctx: ServiceContext, scope: Scope<"features.sign">, input: ReturnView) {
  return recordDecision({ ctx, scope }, { ...input, decision: "returned", meaning: RETURN_MEANING });
}
