import { importOptionsSchema } from "@/domain/data/contracts";

/** The import form as it is typed. `constants` and `derived` are lines of `name = value`. */
export type ImportDraft = {
  readonly delimiter: "," | ";" | "\t" | "|";
  readonly hasHeader: boolean;
  readonly nullText: string;
  readonly constants: string;
  readonly derived: string;
  readonly filter: string;
  readonly allowMissingColumns: boolean;
};

export const EMPTY_DRAFT: ImportDraft = {
  delimiter: ",",
  hasHeader: true,
  nullText: "",
  constants: "",
  derived: "",
  filter: "",
  allowMissingColumns: false,
};

/** The options of the version before, so that the next file is read in the same way. */
export function draftFrom(importOptions: string | null): ImportDraft {
  if (importOptions === null) return EMPTY_DRAFT;
  const options = importOptionsSchema.parse(JSON.parse(importOptions));
  const lines = (record: Readonly<Record<string, unknown>>) =>
    Object.entries(record)
      .map(([name, value]) => `${name} = ${String(value)}`)
      .join("\n");
  return {
    ...EMPTY_DRAFT,
    delimiter: options.delimiter,
    hasHeader: options.header,
    nullText: options.nullText,
    constants: lines(options.constants),
    derived: lines(options.derived),
    filter: options.filter ?? "",
  };
}

export type DraftResult =
  | { readonly problem: { readonly field: "constants" | "derived" | "filter" | "nullText"; readonly sentence: string } }
  | { readonly problem: null; readonly options: Readonly<Record<string, unknown>> };

/** The options that the draft means, or the first field that needs another look. */
export function optionsOf(draft: ImportDraft): DraftResult {
  const constants = linesOf(draft.constants);
  if (typeof constants === "string") return { problem: { field: "constants", sentence: constants } };
  const derived = linesOf(draft.derived);
  if (typeof derived === "string") return { problem: { field: "derived", sentence: derived } };
  const options = {
    delimiter: draft.delimiter,
    header: draft.hasHeader,
    nullText: draft.nullText,
    constants: Object.fromEntries(constants.map(([name, value]) => [name, scalarOf(value)])),
    derived: Object.fromEntries(derived),
    filter: draft.filter.trim() === "" ? null : draft.filter.trim(),
  };
  const parsed = importOptionsSchema.safeParse(options);
  if (parsed.success) return { problem: null, options: parsed.data };
  const [issue] = parsed.error.issues;
  const field = String(issue?.path[0]);
  const known = field === "constants" || field === "derived" || field === "nullText" ? field : "filter";
  return { problem: { field: known, sentence: issue?.message ?? "This needs another look." } };
}

function linesOf(text: string): readonly (readonly [string, string])[] | string {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const pairs = lines.map((line): readonly [string, string] => {
    const at = line.indexOf("=");
    return at < 1 ? ["", line] : [line.slice(0, at).trim(), line.slice(at + 1).trim()];
  });
  const wrong = pairs.find(([name, value]) => name === "" || value === "");
  return wrong ? `Write each line as name = value: ${wrong[1] || wrong[0]}` : pairs;
}

function scalarOf(text: string): string | number | boolean {
  if (text === "true" || text === "false") return text === "true";
  return text !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
}
