import type { RouterOutputs } from "../providers/trpc";

/** How many things the person has to look at: what to sign, to answer and to decide, and notices that are not done. */
export function waitingCount(waiting: RouterOutputs["notifications"]["waiting"]): number {
  const { signatures, definitions, feedback, grants, notices } = waiting;
  return signatures.length + definitions.length + feedback.length + grants.length + notices.length;
}
