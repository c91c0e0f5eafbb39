import type { StepOutputs } from "@/domain/pipelines/types";

/** How a step's own work ended; the same for a process, a query and a built-in. */
export type WorkResult = {
  readonly state: "succeeded" | "failed" | "timed_out" | "cancelled";
  readonly reason: string | null;
  readonly outputs: StepOutputs;
  /** One short line for the graph, such as "1,461 rows". */
  readonly summary: string | null;
  readonly exitCode?: number | null;
  readonly environmentDigest?: string | null;
  /** A failure that another attempt would only repeat. */
  readonly isFinal?: boolean;
};

export type WorkHooks = {
  readonly log: (text: string) => void;
  readonly signal: AbortSignal;
};

export function failed(reason: string): WorkResult {
  return { state: "failed", reason, outputs: {}, summary: null };
}

/** "1,461 rows", "1 row". */
export function countOf(count: number, noun: string): string {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
}
