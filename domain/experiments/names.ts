export const LIMITS = {
  experimentName: 500,
  key: 250,
  paramValue: 6_000,
  runTagValue: 8_000,
  experimentTagValue: 5_000,
  metricsPerBatch: 1_000,
  paramsPerBatch: 100,
  tagsPerBatch: 100,
  itemsPerBatch: 1_000,
  runsPerSearch: 50_000,
} as const;

const ALLOWED = /^[/\w\p{L}\p{M}\p{N}. :-]+$/u;

/** Why a metric, parameter or tag may not have this key, as MLflow says it; null where it may. `path` names the field. */
export function keyProblem(key: string, path: string): string | null {
  const shown = `Invalid value ${JSON.stringify(key)} for parameter '${path}' supplied: `;
  if (!ALLOWED.test(key)) {
    return `${shown}Names may only contain alphanumerics, underscores (_), dashes (-), periods (.), spaces ( ), colons (:) and slashes (/).`;
  }
  if (!isUniquePath(key))
    return `${shown}Names may be treated as files in certain cases, and must not resolve to other names when treated as such.`;
  if (key.length > LIMITS.key) return `'${path}' exceeds the maximum length of ${LIMITS.key} characters`;
  return null;
}

/** True where the key, read as a POSIX path, is its own normal form and stays below its folder. */
function isUniquePath(key: string): boolean {
  if (key === "." || key.startsWith("/") || key.endsWith("/")) return false;
  const segments = key.split("/");
  return segments.every((segment) => segment !== "" && segment !== "." && segment !== "..");
}

export function truncated(value: string, limit: number): string {
  return value.length <= limit ? value : value.slice(0, limit);
}

export function experimentNameProblem(name: string): string | null {
  if (name.trim() === "") return "Invalid experiment name: it must not be empty.";
  if (name.length > LIMITS.experimentName)
    return `'name' exceeds the maximum length of ${LIMITS.experimentName} characters`;
  return null;
}

/** Names of logged models: the client writes them into paths and addresses. */
export function loggedModelNameProblem(name: string): string | null {
  return /[/:.%"']/.test(name) || name.length > LIMITS.key
    ? `Invalid model name (${JSON.stringify(name)}) provided. Model name must be at most ${LIMITS.key} characters without '/', ':', '.', '%', '"' and "'".`
    : null;
}
