import { valueProblem } from "@/domain/pipelines/parameters";
import type { ParameterSpec, ParameterValues } from "@/domain/pipelines/types";

/** What stands in the form's fields, by the parameter's name. */
export type Entries = Readonly<Record<string, string>>;

export function entriesOf(specs: readonly ParameterSpec[], values: ParameterValues): Entries {
  return Object.fromEntries(
    specs.map((spec) => [
      spec.name,
      String(values[spec.name] ?? spec.default ?? (spec.type === "boolean" ? "false" : "")),
    ]),
  );
}

type Read = { readonly values: ParameterValues; readonly problems: Readonly<Record<string, string>> };

/** The entries as values of their types, or a sentence for each that is none. An empty entry is a missing value. */
export function readEntries(specs: readonly ParameterSpec[], entries: Entries): Read {
  const values: Record<string, string | number | boolean> = {};
  const problems: Record<string, string> = {};
  for (const spec of specs) {
    const text = entries[spec.name] ?? "";
    const value = valueOfType(spec.type, text);
    const problem = text === "" && spec.type !== "string" ? "This needs a value." : valueProblem(spec.type, value);
    if (problem) problems[spec.name] = problem;
    else values[spec.name] = value;
  }
  return { values, problems };
}

function valueOfType(type: ParameterSpec["type"], text: string): string | number | boolean {
  if (type === "boolean") return text === "true";
  if (type === "integer" || type === "number") return text.trim() === "" ? Number.NaN : Number(text);
  return text;
}
