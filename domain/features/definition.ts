import type { ColumnSchema } from "../data/types";
import type { FeatureDefinition } from "./types";

export type Draft = Omit<FeatureDefinition, "columns"> & {
  readonly columns: readonly { readonly name: string; readonly expression: string }[];
};

const TIMES: ReadonlySet<string> = new Set(["date", "timestamp"]);

function columnProblem(draft: Draft, schema: readonly ColumnSchema[]): string | null {
  const types = new Map(schema.map((column) => [column.name, column.type]));
  const used = [
    ...draft.entityColumns,
    draft.eventTimeColumn,
    ...(draft.createdTimeColumn === null ? [] : [draft.createdTimeColumn]),
  ];
  const missing = used.find((name) => !types.has(name));
  if (missing !== undefined) return `The dataset has no column ${missing}.`;
  const times = [draft.eventTimeColumn, draft.createdTimeColumn].filter((name) => name !== null);
  const wrong = times.find((name) => !TIMES.has(types.get(name) ?? ""));
  if (wrong !== undefined) return `${wrong} is ${types.get(wrong)}; a time is a date or a timestamp.`;
  const double = draft.entityColumns.find((name) => types.get(name) === "double");
  if (double !== undefined)
    return `${double} is a fraction: an entity is named by text, whole numbers, dates or truth values.`;
  return null;
}

/** Why a definition does not fit the columns of its dataset, as a sentence; null when it does. Expressions are judged elsewhere. */
export function definitionProblem(draft: Draft, schema: readonly ColumnSchema[]): string | null {
  const problem = columnProblem(draft, schema);
  if (problem) return problem;
  const keys = [...draft.entityColumns, draft.eventTimeColumn];
  if (new Set(keys).size < keys.length) return "An entity column is named twice, or is the event time as well.";
  const taken = new Set(keys.map((name) => name.toLowerCase()));
  for (const { name } of draft.columns) {
    if (taken.has(name.toLowerCase())) return `There are two columns named ${name}: a feature needs a name of its own.`;
    taken.add(name.toLowerCase());
  }
  return null;
}

/** One line of the difference between two definitions. `before` is null where something came, `after` where it went. */
export type DefinitionChange = { readonly what: string; readonly before: string | null; readonly after: string | null };

type Compared = Omit<Draft, "name" | "dataset" | "columns"> & {
  readonly columns: readonly { readonly name: string; readonly expression: string; readonly type?: string }[];
};

/** "2 days", "90 seconds"; "unlimited" for 0. */
export function timeToLiveText(seconds: number): string {
  if (seconds === 0) return "unlimited";
  for (const [unit, length] of [
    ["day", 86_400],
    ["hour", 3_600],
    ["minute", 60],
  ] as const) {
    if (seconds % length === 0) return `${seconds / length} ${unit}${seconds === length ? "" : "s"}`;
  }
  return `${seconds} second${seconds === 1 ? "" : "s"}`;
}

/** What changes from one definition to the next, in the order in which a definition is read. Empty: nothing. */
export function definitionChanges(before: Compared, after: Compared): readonly DefinitionChange[] {
  const plain = (
    [
      ["entity", before.entityColumns.join(", "), after.entityColumns.join(", ")],
      ["event time", before.eventTimeColumn, after.eventTimeColumn],
      ["created time", before.createdTimeColumn, after.createdTimeColumn],
      ["time to live", timeToLiveText(before.timeToLiveSeconds), timeToLiveText(after.timeToLiveSeconds)],
      ["description", before.description || null, after.description || null],
    ] as const
  ).flatMap(([what, was, is]): DefinitionChange[] => (was === is ? [] : [{ what, before: was, after: is }]));
  return [...plain, ...columnChanges(before, after)];
}

function columnChanges(before: Compared, after: Compared): readonly DefinitionChange[] {
  const was = new Map(before.columns.map((column) => [column.name, column]));
  const is = new Map(after.columns.map((column) => [column.name, column]));
  const names = [...new Set([...was.keys(), ...is.keys()])];
  const changes = names.flatMap((name): DefinitionChange[] => {
    const [old, current] = [was.get(name), is.get(name)];
    if (old?.expression !== current?.expression)
      return [{ what: `column ${name}`, before: old?.expression ?? null, after: current?.expression ?? null }];
    const isRetyped = old?.type !== undefined && current?.type !== undefined && old.type !== current.type;
    return isRetyped ? [{ what: `type of ${name}`, before: old.type ?? null, after: current.type ?? null }] : [];
  });
  const order = (columns: Compared["columns"]) => columns.map(({ name }) => name).join(", ");
  const isReordered = changes.length === 0 && order(before.columns) !== order(after.columns);
  return isReordered
    ? [{ what: "order of columns", before: order(before.columns), after: order(after.columns) }]
    : changes;
}
