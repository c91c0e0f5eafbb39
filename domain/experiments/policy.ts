/** Who writes: a step by its token (its own run alone), a person or a service, or the product itself. */
export type Writer =
  | { readonly kind: "step"; readonly experimentRunId: string | null }
  | { readonly kind: "user"; readonly userId: string }
  | { readonly kind: "system" };

export type RunOrigin = {
  readonly id: string;
  /** Who made it; null for a pipeline's step. */
  readonly createdBy: string | null;
  /** Who started the pipeline run that it belongs to; null where there is none. */
  readonly startedBy: string | null;
};

/** Why somebody may not write to a run: it belongs to whoever made it. Null where they may. */
export function writeRefusal(run: RunOrigin, writer: Writer): string | null {
  if (writer.kind === "system") return null;
  if (writer.kind === "step")
    return run.id === writer.experimentRunId
      ? null
      : "A step's token may write its own experiment run only; MLFLOW_RUN_ID names it.";
  if (run.createdBy === writer.userId) return null;
  return run.createdBy === null
    ? "This run belongs to a pipeline's step, which alone may write to it."
    : "Only the person who made this run may write to it.";
}

export function isOwnRun(run: RunOrigin, userId: string | null): boolean {
  return userId !== null && (run.createdBy === userId || run.startedBy === userId);
}

/** Why a run may not be deleted; null where it may. `liveModels` are versions from it that are deployed or on their way. */
export function deleteRefusal(args: {
  readonly isOwn: boolean;
  readonly reach: "any" | "own";
  readonly liveModels: readonly string[];
}): string | null {
  if (args.reach === "own" && !args.isOwn) return "You may delete only runs that you made or started.";
  const [live] = args.liveModels;
  return live === undefined
    ? null
    : `${live} depends on this run and is deployed or has an open promotion, so the run stays.`;
}
