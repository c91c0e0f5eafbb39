import { CliError, EXIT } from "./cli-error";

export type ParameterType = "string" | "integer" | "number" | "boolean" | "date";
type Spec = { readonly name: string; readonly type: ParameterType };

/** `name=value` from the command line as values of the definition's types. The server checks them again. */
export function typedParameters(
  given: readonly string[],
  specs: readonly Spec[],
): Record<string, string | number | boolean> {
  return Object.fromEntries(given.map((text) => typed(text, specs)));
}

function typed(text: string, specs: readonly Spec[]): [string, string | number | boolean] {
  const at = text.indexOf("=");
  if (at < 1) throw new CliError(`"${text}" is no parameter; write name=value.`, EXIT.usage);
  const name = text.slice(0, at);
  const value = text.slice(at + 1);
  const spec = specs.find((candidate) => candidate.name === name);
  if (!spec)
    throw new CliError(
      `There is no parameter ${name}; the definition has ${specs.map((one) => one.name).join(", ") || "none"}.`,
      EXIT.usage,
    );
  return [name, readValue(value, spec)];
}

function readValue(value: string, { name, type }: Spec): string | number | boolean {
  if (type === "string" || type === "date") return value;
  if (type === "boolean") {
    if (value === "true" || value === "false") return value === "true";
    throw new CliError(`${name} is true or false, not "${value}".`, EXIT.usage);
  }
  const number = Number(value);
  if (value.trim() === "" || !Number.isFinite(number) || (type === "integer" && !Number.isSafeInteger(number))) {
    throw new CliError(`${name} is ${type === "integer" ? "a whole number" : "a number"}, not "${value}".`, EXIT.usage);
  }
  return number;
}
