import type { ParameterValues } from "./types";

/** `${{ parameters.name }}`, the whole of a value. */
const PARAMETER = /^\$\{\{\s*parameters\.([a-z][a-z0-9_]*)\s*\}\}$/;

/** The parameter that a value refers to; null where the value is plain. */
export function parameterIn(value: string): string | null {
  return PARAMETER.exec(value)?.[1] ?? null;
}

export type DatasetReference = { readonly dataset: string; readonly version: string };

/** "seattle-weather@3", "seattle-weather@latest" or "seattle-weather@${{ parameters.version }}"; without a version, the latest. */
export function parseDatasetReference(text: string): DatasetReference | null {
  const [, dataset, version = "latest"] = /^([^@\s]{1,200})(?:@(.+))?$/.exec(text) ?? [];
  if (!dataset) return null;
  const isKnownForm = version === "latest" || /^[1-9]\d{0,8}$/.test(version) || parameterIn(version) !== null;
  return isKnownForm ? { dataset, version } : null;
}

export function datasetKey(reference: DatasetReference): string {
  return `${reference.dataset}@${reference.version}`;
}

/** A text with its parameter put in, where the whole text is a reference to one. */
export function withParameters(text: string, values: ParameterValues): string {
  const name = parameterIn(text);
  return name === null ? text : String(values[name] ?? "");
}
