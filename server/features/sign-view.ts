import { meaningsFor } from "@/domain/approvals/meanings";
import { AppError } from "@/domain/errors";
import type { SignView } from "@/domain/features/contracts";
import type { Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { recordDecision } from "./record-decision";

/**
 * Signs a version of a feature view as one of its required roles, over the digest that the person was shown. With the
 * second signature, by another person, production pipelines may read it.
 */
export async function signView(ctx: ServiceContext, scope: Scope<"features.sign">, input: SignView) {
  if (!meaningsFor("feature_view", input.asRole).includes(input.meaning)) {
    throw new AppError(
      "invalid_input",
      "unknown_meaning",
      "Choose one of the meanings that a signature of this role can have.",
    );
  }
  return recordDecision({ ctx, scope }, { ...input, decision: "approved" });
}
