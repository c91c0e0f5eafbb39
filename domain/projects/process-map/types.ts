import type { ProcessRole } from "../../identity/roles";

export const COLUMNS = ["initiation", "features", "experiment", "deployment", "monitoring", "cross"] as const;
/** The five phases from left to right, and what belongs to none of them. */
export type Column = (typeof COLUMNS)[number];

export const PRINCIPLES = ["P1", "P2", "P3", "P4", "P5", "P6", "P7", "P8", "P9"] as const;
export type Principle = (typeof PRINCIPLES)[number];

export type ProcessStep = {
  readonly id: string;
  /** As the card shows it: "A1", "D23". */
  readonly code: string;
  readonly title: string;
  readonly column: Column;
  /** 1 to 28; null for what lies between the numbered steps: groundwork, hand-overs, what goes across. */
  readonly number: number | null;
};

export type ProcessItem = {
  readonly id: string;
  /** The step that it belongs to. */
  readonly step: string;
  /** The principle that it serves first. */
  readonly principle: Principle;
  /** Who could do it; where the product does it by itself, who sets that going. */
  readonly roles: readonly ProcessRole[];
  /** The product does it; nobody presses a button for it. */
  readonly isAutomatic: boolean;
  /** Whose signature it carries, by default. */
  readonly signers: readonly ProcessRole[];
  /** What there is to do, as a sentence. */
  readonly words: string;
  /** What it leaves behind. */
  readonly artefact: string;
};

export const ITEM_STATES = ["done", "begun", "not_yet"] as const;
/** begun: there is something, but what the item asks for is not whole. Only `done` counts. */
export type ItemState = (typeof ITEM_STATES)[number];
