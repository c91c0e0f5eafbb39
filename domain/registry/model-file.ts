import type { ModelSignature } from "./types";

export type Column = ModelSignature["columns"][number];

const COLUMN_TYPES = ["double", "float", "long", "integer", "boolean", "string"] as const;

/** What the `MLmodel` file of a package says: where its ONNX file is, and the columns that the model takes. */
export type ModelFile = { readonly onnxPath: string | null; readonly columns: readonly Column[] };

const record = (value: unknown): Readonly<Record<string, unknown>> => (typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {});

/** Reads the parsed YAML of an `MLmodel` file; what it does not say is null or empty. */
export function modelFileOf(parsed: unknown): ModelFile {
  const root = record(parsed);
  const { data } = record(record(root.flavors).onnx);
  return { onnxPath: typeof data === "string" ? data : null, columns: columnsOf(record(root.signature).inputs) };
}

/** The signature's inputs travel as JSON text: `[{"type": "double", "name": "temp_max", "required": true}, …]`. */
function columnsOf(inputs: unknown): readonly Column[] {
  if (typeof inputs !== "string") return [];
  let list: unknown;
  try {
    list = JSON.parse(inputs);
  } catch {
    return [];
  }
  if (!Array.isArray(list)) return [];
  return list.flatMap((entry): Column[] => {
    const { name, type } = record(entry);
    const known = COLUMN_TYPES.find((candidate) => candidate === type);
    return typeof name === "string" && known ? [{ name, type: known }] : [];
  });
}

export type PackageFile = { readonly path: string; readonly sha256: string; readonly bytes: number };

/** The ONNX file of a package: the one that MLmodel names, else the only one there is. */
export function onnxFileOf(files: readonly PackageFile[], named: string | null): PackageFile | null {
  const candidates = files.filter((file) => (named === null ? file.path.endsWith(".onnx") : file.path === named));
  return candidates.length === 1 ? (candidates[0] ?? null) : null;
}
