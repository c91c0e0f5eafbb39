export const ITEM_STATES = ["open", "accepted", "declined", "done"] as const;
export type ItemState = (typeof ITEM_STATES)[number];

const MOVES: Readonly<Record<ItemState, readonly ItemState[]>> = {
  open: ["accepted", "declined"],
  accepted: ["done"],
  declined: [],
  done: [],
};

export function canMove(from: ItemState, to: ItemState): boolean {
  return MOVES[from].includes(to);
}

/** Whether somebody still has to do something. */
export function isItemOpen(state: ItemState): boolean {
  return state === "open" || state === "accepted";
}

export function isOverdue(item: { readonly state: ItemState; readonly dueAt: Date }, now: Date): boolean {
  return isItemOpen(item.state) && item.dueAt < now;
}

export const EVENT_KINDS = [
  "opened",
  "accepted",
  "declined",
  "done",
  "commented",
  "retraining_started",
  "retraining_held_back",
  "retraining_linked",
] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

export const RETRAINING_MODES = ["at_once", "after_acceptance"] as const;
export type RetrainingMode = (typeof RETRAINING_MODES)[number];

export const TRIGGER_DECISIONS = ["started", "held_back"] as const;
export type TriggerDecision = (typeof TRIGGER_DECISIONS)[number];

export const HELD_BACK_REASONS = [
  "not_quality",
  "no_policy",
  "policy_off",
  "waits_for_acceptance",
  "declined",
  "cool_down",
  "budget",
  "cannot_start",
] as const;
export type HeldBackReason = (typeof HELD_BACK_REASONS)[number];
