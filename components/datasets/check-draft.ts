import type { CheckSpec } from "@/domain/data/types";

/** A check while somebody writes it: every field as text, with a key of its own for the list. */
export type CheckDraft = {
  readonly key: string;
  readonly kind: CheckSpec["kind"];
  readonly column: string;
  /** Columns of `unique`, values of `allowed_values`: separated by commas. */
  readonly list: string;
  readonly min: string;
  readonly max: string;
  readonly days: string;
};

export const KIND_WORDS: Readonly<Record<CheckSpec["kind"], string>> = {
  not_null: "Nothing missing",
  unique: "No doubles",
  range: "In a range",
  allowed_values: "One of a list",
  gap_free_dates: "No day left out",
};

export function emptyDraft(column: string): CheckDraft {
  return { key: crypto.randomUUID(), kind: "not_null", column, list: "", min: "", max: "", days: "1" };
}

export function draftOf(check: CheckSpec): CheckDraft {
  const draft = { ...emptyDraft(check.kind === "unique" ? (check.columns[0] ?? "") : check.column), kind: check.kind };
  switch (check.kind) {
    case "unique":
      return { ...draft, list: check.columns.join(", ") };
    case "allowed_values":
      return { ...draft, list: check.values.join(", ") };
    case "range":
      return { ...draft, min: check.min?.toString() ?? "", max: check.max?.toString() ?? "" };
    case "gap_free_dates":
      return { ...draft, days: String(check.largestGapDays) };
    case "not_null":
      return draft;
  }
}

const listOf = (text: string) =>
  text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");

const boundOf = (text: string) => (text.trim() === "" ? null : Number(text));

/** The check that the draft means, or the sentence that says what it lacks. */
export function checkOf(draft: CheckDraft): CheckSpec | string {
  const { kind, column } = draft;
  switch (kind) {
    case "not_null":
      return { kind, column };
    case "unique":
      return listOf(draft.list).length === 0 ? "Name a column." : { kind, columns: listOf(draft.list) };
    case "allowed_values":
      return listOf(draft.list).length === 0
        ? "Write the values, separated by commas."
        : { kind, column, values: listOf(draft.list) };
    case "range":
      return rangeOf(column, boundOf(draft.min), boundOf(draft.max));
    case "gap_free_dates": {
      const largestGapDays = Number(draft.days);
      return Number.isInteger(largestGapDays) && largestGapDays >= 1
        ? { kind, column, largestGapDays }
        : "Write a whole number of days, 1 for every day.";
    }
  }
}

function rangeOf(column: string, min: number | null, max: number | null): CheckSpec | string {
  if (Number.isNaN(min) || Number.isNaN(max)) return "Write numbers.";
  if (min === null && max === null) return "Write a least or a greatest value.";
  return min !== null && max !== null && min > max
    ? "The least value is above the greatest."
    : { kind: "range", column, min, max };
}
