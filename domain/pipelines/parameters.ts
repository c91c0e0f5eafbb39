import type { ParameterSpec, ParameterValues } from "./types";

type Value = string | number | boolean;

/** What is wrong with a value of a parameter's type, as a sentence; null where it fits. A date is written 2013-01-31. */
export function valueProblem(type: ParameterSpec["type"], value: Value): string | null {
  switch (type) {
    case "string":
      return typeof value === "string" ? null : "Write a text (in quotes where it looks like a number).";
    case "boolean":
      return typeof value === "boolean" ? null : "Write true or false.";
    case "integer":
      return typeof value === "number" && Number.isSafeInteger(value) ? null : "Write a whole number.";
    case "number":
      return typeof value === "number" && Number.isFinite(value) ? null : "Write a number.";
    case "date":
      return typeof value === "string" && isDate(value) ? null : "Write a date such as 2013-01-31.";
  }
}

function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

export type ParameterProblem = { readonly name: string; readonly reason: string };

/** The values of a run: what was given, completed by the defaults. Problems name each parameter that is unknown, missing or of another type. */
export function resolveParameters(
  specs: readonly ParameterSpec[],
  given: Readonly<Record<string, Value>>,
): { readonly values: ParameterValues; readonly problems: readonly ParameterProblem[] } {
  const values: Record<string, Value> = {};
  const problems: ParameterProblem[] = Object.keys(given)
    .filter((name) => !specs.some((spec) => spec.name === name))
    .map((name) => ({ name, reason: `The definition has no parameter ${name}.` }));
  for (const spec of specs) {
    const value = Object.hasOwn(given, spec.name) ? given[spec.name] : (spec.default ?? undefined);
    if (value === undefined)
      problems.push({ name: spec.name, reason: `The parameter ${spec.name} has no default and needs a value.` });
    else {
      const problem = valueProblem(spec.type, value);
      if (problem) problems.push({ name: spec.name, reason: problem });
      values[spec.name] = value;
    }
  }
  return { values, problems };
}
