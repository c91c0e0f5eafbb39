import { meaningsFor } from "@/domain/approvals/meanings";
import { AppError } from "@/domain/errors";
import type { SignPromotion } from "@/domain/promotions/contracts";
import type { Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { recordDecision } from "./record-decision";

/**
 * Signs a promotion as one of its required roles. The caller sends the evidence digest and the policy version that the
 * person was shown: where they are not current, `conflict`, an audit row and no signature. With the last signature
 * the waiting workflow deploys without another click.
 */
export async function signPromotion(ctx: ServiceContext, scope: Scope<"promotions.sign">, input: SignPromotion) {
  if (!meaningsFor("promotion", input.asRole).includes(input.meaning)) {
    throw new AppError(
      "invalid_input",
      "unknown_meaning",
      "Choose one of the meanings that a signature of this role can have.",
    );
  }
  return recordDecision({ ctx, scope }, { ...input, decision: "approved" });
}
