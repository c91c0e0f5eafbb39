/** The MLflow run id: the run's UUID without dashes. */
export function runIdOf(uuid: string): string {
  return uuid.replaceAll("-", "");
}

/** The UUID behind a run id, written with or without dashes; null where it is none. */
export function uuidOf(runId: string): string | null {
  const hex = runId.replaceAll("-", "");
  if (!/^[0-9a-f]{32}$/.test(hex)) return null;
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

export function isLoggedModelId(text: string): boolean {
  return /^m-[0-9a-f]{32}$/.test(text);
}

/** The decimal number of an experiment that clients see; null where the text is none. */
export function experimentNumberOf(text: string): number | null {
  return /^\d{1,15}$/.test(text) ? Number(text) : null;
}
