import type { ApprovalState } from "@/domain/approvals/status";
import { timeToLiveText } from "@/domain/features/definition";
import type { RouterOutputs } from "../providers/trpc";
import type { SIGNED_STATES } from "./filters";

export type ViewRow = RouterOutputs["features"]["list"][number];
export type View = RouterOutputs["features"]["byName"];
export type ViewVersion = View["versions"][number];
export type ViewUses = RouterOutputs["features"]["impact"];

/** Where a version's signatures stand, for filters and badges. */
export function signedStateOf(state: ApprovalState | undefined): (typeof SIGNED_STATES)[number] {
  if (state === "approved") return "signed";
  return state === "returned" ? "returned" : "waiting";
}

/** What the badge of a version says, in place of the approval's own word. */
export function signedWord(state: ApprovalState): string | undefined {
  if (state === "approved") return "Signed";
  if (state === "open" || state === "preparing") return "Waits for signatures";
  return state === "withdrawn" ? "Superseded" : undefined;
}

/** "2 days", or that there is no limit. */
export function lifeText(seconds: number): string {
  return seconds === 0 ? "no limit" : timeToLiveText(seconds);
}
