import { ITEMS } from "./items";
import { STEPS } from "./steps";
import { COLUMNS, type ItemState, PRINCIPLES } from "./types";

export type Share = { readonly done: number; readonly total: number };

/** Done and total over everything, and by principle, column and step. Every item counts in exactly one of each. */
export function coverageOf(states: ReadonlyMap<string, ItemState>) {
  const isDone = (id: string) => states.get(id) === "done";
  const shareOf = (items: readonly { readonly id: string }[]): Share => ({
    done: items.filter((item) => isDone(item.id)).length,
    total: items.length,
  });
  const stepsOf = (column: string) => new Set(STEPS.filter((step) => step.column === column).map((step) => step.id));
  return {
    ...shareOf(ITEMS),
    begun: ITEMS.filter((item) => states.get(item.id) === "begun").length,
    principles: PRINCIPLES.map((principle) => ({
      principle,
      ...shareOf(ITEMS.filter((item) => item.principle === principle)),
    })),
    columns: COLUMNS.map((column) => {
      const steps = stepsOf(column);
      return { column, ...shareOf(ITEMS.filter((item) => steps.has(item.step))) };
    }),
  };
}

/** A step stands where its weakest item stands: done when all are, not yet when none has begun. */
export function stepState(states: readonly ItemState[]): ItemState {
  if (states.every((state) => state === "done")) return "done";
  return states.every((state) => state === "not_yet") ? "not_yet" : "begun";
}
