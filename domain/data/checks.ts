import type { CheckSpec, ColumnSchema } from "./types";

/** The check as a sentence: "wind has no missing value". */
export function describeCheck(check: CheckSpec): string {
  switch (check.kind) {
    case "not_null":
      return `${check.column} has no missing value`;
    case "unique":
      return `${check.columns.join(" and ")} ${check.columns.length === 1 ? "is" : "are together"} unique`;
    case "range":
      return `${check.column} is ${rangeText(check.min, check.max)}`;
    case "allowed_values":
      return `${check.column} is one of ${check.values.slice(0, 5).join(", ")}${check.values.length > 5 ? ` and ${check.values.length - 5} more` : ""}`;
    case "gap_free_dates":
      return check.largestGapDays === 1
        ? `${check.column} has every day`
        : `${check.column} has no gap of more than ${check.largestGapDays} days`;
  }
}

function rangeText(min: number | null, max: number | null): string {
  if (min === null) return `at most ${max}`;
  return max === null ? `at least ${min}` : `between ${min} and ${max}`;
}

export function columnsOfCheck(check: CheckSpec): readonly string[] {
  return check.kind === "unique" ? check.columns : [check.column];
}

/** Why the check cannot be made on these columns, as a sentence; null when it can. */
export function checkProblem(check: CheckSpec, schema: readonly ColumnSchema[]): string | null {
  const types = new Map(schema.map((column) => [column.name, column.type]));
  for (const column of columnsOfCheck(check)) {
    const type = types.get(column);
    if (type === undefined) return `The dataset version has no column ${column}.`;
    if (check.kind === "range" && type !== "integer" && type !== "double")
      return `A range needs numbers; ${column} is ${type}.`;
    if (check.kind === "gap_free_dates" && type !== "date" && type !== "timestamp")
      return `Gaps need dates; ${column} is ${type}.`;
  }
  return null;
}
