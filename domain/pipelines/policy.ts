import { isRunOver, type RunState } from "./status";

export type CancelRefusal = { readonly reason: "over" | "cancelling" | "not_own"; readonly sentence: string };

/** Why somebody may not cancel a run; null when they may. The page disables its button by the same rule. */
export function cancelRefusal(run: {
  readonly state: RunState;
  readonly startedBy: string | null;
  readonly asker: string | null;
  readonly reach: "any" | "own";
}): CancelRefusal | null {
  if (run.reach === "own" && run.startedBy !== run.asker) {
    return { reason: "not_own", sentence: "You may cancel only runs that you started." };
  }
  if (isRunOver(run.state)) return { reason: "over", sentence: "The run is over." };
  if (run.state === "cancelling") return { reason: "cancelling", sentence: "The run is being cancelled already." };
  return null;
}

/** Whether an attempt that failed leaves room for another. Attempts that died with their worker do not count. */
export function mayRetry(failures: number, maxAttempts: number): boolean {
  return failures < maxAttempts;
}
