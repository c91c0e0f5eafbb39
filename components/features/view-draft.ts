import type { ColumnSchema } from "@/domain/data/types";
import type { FeatureDefinition } from "@/domain/features/types";

const UNITS = { seconds: 1, minutes: 60, hours: 3_600, days: 86_400 } as const;
export type Unit = keyof typeof UNITS;
export const UNIT_NAMES = Object.keys(UNITS) as Unit[];

/** A column while it is being written; `key` only tells rows of the form apart. */
export type ColumnDraft = { readonly key: string; readonly name: string; readonly expression: string };

export type ViewDraft = {
  readonly name: string;
  readonly dataset: string;
  readonly entityColumns: readonly string[];
  readonly eventTimeColumn: string;
  readonly createdTimeColumn: string;
  readonly columns: readonly ColumnDraft[];
  /** As typed; empty or 0 means no limit. */
  readonly life: string;
  readonly unit: Unit;
  readonly description: string;
};

export const EMPTY_VIEW: ViewDraft = {
  name: "",
  dataset: "",
  entityColumns: [],
  eventTimeColumn: "",
  createdTimeColumn: "",
  columns: [],
  life: "",
  unit: "days",
  description: "",
};

let made = 0;
/** A new row of the form. */
export function columnDraft(name = "", expression = name): ColumnDraft {
  made += 1;
  return { key: `column-${made}`, name, expression };
}

/** The form's entries for a definition that is there already. */
export function draftOf(definition: FeatureDefinition): ViewDraft {
  const seconds = definition.timeToLiveSeconds;
  const unit = UNIT_NAMES.toReversed().find((name) => seconds % UNITS[name] === 0) ?? "seconds";
  return {
    ...definition,
    createdTimeColumn: definition.createdTimeColumn ?? "",
    columns: definition.columns.map(({ name, expression }) => columnDraft(name, expression)),
    life: seconds === 0 ? "" : String(seconds / UNITS[unit]),
    unit: seconds === 0 ? "days" : unit,
  };
}

/** What the server is sent; the time to live is NaN where it is no whole number. */
export function definitionOf(draft: ViewDraft) {
  const { entityColumns, eventTimeColumn, description } = draft;
  return {
    entityColumns: [...entityColumns],
    eventTimeColumn,
    createdTimeColumn: draft.createdTimeColumn || null,
    columns: draft.columns.map(({ name, expression }) => ({ name: name.trim(), expression: expression.trim() })),
    timeToLiveSeconds: draft.life.trim() === "" ? 0 : Number(draft.life) * UNITS[draft.unit],
    description: description.trim(),
  };
}

/** What is missing before the form can be sent, as a sentence; null when nothing is. */
export function draftProblem(draft: ViewDraft): string | null {
  if (draft.dataset === "") return "Choose a dataset first.";
  if (draft.entityColumns.length === 0) return "Choose at least one column that names the entity.";
  if (draft.eventTimeColumn === "") return "Choose the column of the event time.";
  if (draft.columns.length === 0) return "Add at least one column.";
  if (draft.columns.some(({ name, expression }) => name.trim() === "" || expression.trim() === ""))
    return "Each column needs a name and an expression.";
  const { timeToLiveSeconds } = definitionOf(draft);
  if (!Number.isInteger(timeToLiveSeconds) || timeToLiveSeconds < 0)
    return "The time to live is a whole number, or empty for no limit.";
  return null;
}

/** Columns of the dataset that the view does not have yet, neither as key nor as feature. */
export function columnsLeft(draft: ViewDraft, schema: readonly ColumnSchema[]): readonly ColumnDraft[] {
  const taken = new Set([
    ...draft.entityColumns,
    draft.eventTimeColumn,
    draft.createdTimeColumn,
    ...draft.columns.map(({ name }) => name),
  ]);
  return schema
    .filter(({ name }) => !taken.has(name) && /^[A-Za-z_][A-Za-z0-9_]{0,62}$/.test(name))
    .map(({ name }) => columnDraft(name));
}
