import type { RouterOutputs } from "../providers/trpc";

export type Run = RouterOutputs["pipelines"]["run"];
export type Step = Run["steps"][number];
export type Attempt = Step["attempts"][number];

/** "abcdef1 clean", "abcdef1 with changes", "no commit". */
export function codeOf({ commit, isDirty }: { readonly commit: string | null; readonly isDirty: boolean }): string {
  if (commit === null) return "no commit";
  return `${commit.slice(0, 7)} ${isDirty ? "with changes" : "clean"}`;
}

/** What the small line of a step's box says. */
export function detailOf(step: Step): string {
  const number = step.attempts.at(-1)?.number ?? 0;
  const ofMany = step.maxAttempts > 1 || number > 1;
  switch (step.state) {
    case "pending":
      return "waits";
    case "queued":
      return number > 0 ? `attempt ${number + 1} follows` : "queued";
    case "running":
      return ofMany ? `attempt ${number} of ${Math.max(number, step.maxAttempts)}` : (step.summary ?? "running");
    case "failed":
      return step.summary ?? (number > 1 ? `failed after ${number}` : "failed");
    case "succeeded":
      return step.summary ?? (number > 1 ? `attempt ${number}` : kindOf(step));
    case "skipped":
      return "skipped";
    case "cancelled":
      return "cancelled";
  }
}

/** What a step is, in a word. */
export function kindOf({ work }: Pick<Step, "work">): string {
  if (work.kind === "builtin") return work.builtin;
  return { command: "program", shell: "shell", sql: "SQL" }[work.kind];
}

/** The work as it stands in the definition. */
export function workText({ work }: Pick<Step, "work">): string {
  if (work.kind === "command") return work.command.join(" ");
  if (work.kind === "shell") return work.script;
  if (work.kind === "sql") return work.query;
  const options = Object.entries(work.options).map(([name, value]) => `${name}: ${value}`);
  return `uses ${work.builtin}${options.length > 0 ? ` (${options.join(", ")})` : ""}`;
}

/** The step to show where the address names none: what runs, else what failed, else the last that did something. */
export function stepToShow(steps: readonly Step[]): Step | null {
  const last = (states: readonly Step["state"][]) => steps.findLast((step) => states.includes(step.state));
  return (
    last(["running"]) ??
    steps.find((step) => step.state === "failed") ??
    last(["succeeded", "cancelled"]) ??
    steps[0] ??
    null
  );
}

/** Why a run exists, in words: who pressed the button, or which policy did. */
export function startedByOf(run: { readonly startedBy: string | null; readonly trigger: string }): string {
  return run.startedBy ?? run.trigger;
}
