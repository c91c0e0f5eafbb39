const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};

/** Where the ONNX file of a package is, as its parsed `MLmodel` file says; null where it does not say. */
export function onnxPathOf(mlmodel: unknown): string | null {
  const { data } = record(record(record(mlmodel).flavors).onnx);
  return typeof data === "string" ? data : null;
}

export type PackageFile = { readonly path: string; readonly sha256: string; readonly bytes: number };

/** The ONNX file of a package: the one that MLmodel names, else the only one there is. */
export function onnxFileOf(files: readonly PackageFile[], named: string | null): PackageFile | null {
  const candidates = files.filter((file) => (named === null ? file.path.endsWith(".onnx") : file.path === named));
  return candidates.length === 1 ? (candidates[0] ?? null) : null;
}
