import type { Role } from "../identity/roles";
import type { ApprovalSubject } from "./status";

/** What a return says, whoever gives it. */
export const RETURN_MEANING = "I return this with the reasons given.";

const PROMOTION: Partial<Record<Role, readonly string[]>> = {
  R1: ["The value is worth the remaining risk.", "I accept the remaining risk for a limited time."],
  R7: [
    "The evidence is sound and this version is fit to serve.",
    "The evidence is sound; I will watch this version closely.",
  ],
};

const GENERAL: readonly string[] = ["I have read this and approve it."];

/** The meanings that a person may give their signature, in the words that the record keeps. The first is offered. */
export function meaningsFor(subject: ApprovalSubject, role: Role): readonly string[] {
  return (subject === "promotion" ? PROMOTION[role] : undefined) ?? GENERAL;
}
