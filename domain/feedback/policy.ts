import type { Role } from "../identity/roles";
import { answerRefusal } from "./arrows";
import { canMove, type ItemState } from "./status";
import type { FeedbackKind } from "./types";

export type ItemRefusal = {
  readonly reason: "role_needed" | "person_needed" | "not_open" | "not_accepted";
  readonly sentence: string;
};

export type AnswerFacts = {
  readonly kind: FeedbackKind;
  readonly state: ItemState;
  readonly roles: readonly Role[];
  readonly isPerson: boolean;
};

const WORDS: Readonly<Record<ItemState, string>> = {
  open: "open",
  accepted: "accepted already",
  declined: "declined already",
  done: "done already",
};

function whoRefusal({ kind, roles, isPerson }: AnswerFacts): ItemRefusal | null {
  const sentence = answerRefusal(kind, roles);
  if (sentence) return { reason: "role_needed", sentence };
  return isPerson ? null : { reason: "person_needed", sentence: "Only a person answers feedback." };
}

/** Why somebody may not accept or decline an item; null where they may. Page and server ask the same rule. */
export function answeringRefusal(facts: AnswerFacts): ItemRefusal | null {
  const who = whoRefusal(facts);
  if (who) return who;
  return canMove(facts.state, "accepted")
    ? null
    : { reason: "not_open", sentence: `The item is ${WORDS[facts.state]}.` };
}

/** Why somebody may not say that an item is done; null where they may. */
export function completingRefusal(facts: AnswerFacts): ItemRefusal | null {
  const who = whoRefusal(facts);
  if (who) return who;
  if (canMove(facts.state, "done")) return null;
  const sentence = facts.state === "open" ? "Accept the item first." : `The item is ${WORDS[facts.state]}.`;
  return { reason: "not_accepted", sentence };
}
