import { normaliseArtifactPath } from "../experiments/artifact-path";

/** What a client names as the source of a version. */
export type ModelSource =
  | { readonly kind: "logged_model"; readonly id: string }
  | { readonly kind: "version"; readonly name: string; readonly version: number }
  /** A folder among the artifacts of this server: `<experiment>/<run>/artifacts/<path>`. */
  | { readonly kind: "artifacts"; readonly path: string }
  /** Something elsewhere: kept as text and never fetched. */
  | { readonly kind: "elsewhere" };

/** Reads a source; null where it is a local path, or an address that could leave its place. */
export function modelSourceOf(source: string): ModelSource | null {
  const logged = /^models:\/+(m-[0-9a-f]{32})\/?$/.exec(source);
  if (logged?.[1]) return { kind: "logged_model", id: logged[1] };
  const version = /^models:\/+([^/]+)\/(\d{1,9})\/?$/.exec(source);
  if (version?.[1] && version[2]) return { kind: "version", name: decoded(version[1]), version: Number(version[2]) };
  const artifacts = /^mlflow-artifacts:\/([^/].*)$/.exec(source);
  if (artifacts?.[1]) {
    const path = normaliseArtifactPath(decoded(artifacts[1]));
    return path === null ? null : { kind: "artifacts", path };
  }
  return isRemote(source) ? { kind: "elsewhere" } : null;
}

function isRemote(source: string): boolean {
  if (source === "dummy-source") return true;
  const address = /^([a-z][a-z0-9+.-]+):\/\/([^/]+)\/(.+)$/i.exec(source);
  if (!address || /^(file|models|runs|mlflow-artifacts)$/i.test(address[1] ?? "")) return false;
  const path = fullyDecoded(address[3] ?? "");
  return path !== null && !path.includes("\u0000") && !path.split(/[/\\]/).includes("..");
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Percent-decodes until nothing changes; null where it never settles. */
function fullyDecoded(text: string): string | null {
  let current = text;
  for (let round = 0; round < 10; round += 1) {
    const next = decoded(current);
    if (next === current) return current;
    current = next;
  }
  return null;
}
