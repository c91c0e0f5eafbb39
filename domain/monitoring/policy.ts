import type { Role } from "../identity/roles";
import { isLowerBetter } from "../promotions/metrics";
import type { CheckVerdict } from "./status";
import { labelsDueAt, type Window } from "./windows";

/** Under so many labelled rows a window or a slice says nothing. */
export const FEWEST_ROWS = 20;

export type WindowFacts = {
  readonly window: Window;
  readonly asOf: Date;
  readonly labelDelayDays: number;
  readonly minimumCoverage: number;
  readonly rows: number;
  readonly labelled: number;
};

export type WindowDecision =
  | { readonly judge: true; readonly coverage: number }
  | { readonly judge: false; readonly reason: "open" | "empty" | "labels_missing"; readonly coverage: number };

/** Whether a window's quality is judged now: it is closed, its labels are due, and enough of them have come. */
export function judgementOf(facts: WindowFacts): WindowDecision {
  const coverage = facts.rows === 0 ? 0 : facts.labelled / facts.rows;
  if (facts.asOf < labelsDueAt(facts.window, facts.labelDelayDays)) return { judge: false, reason: "open", coverage };
  if (facts.rows === 0) return { judge: false, reason: "empty", coverage };
  if (coverage < facts.minimumCoverage) return { judge: false, reason: "labels_missing", coverage };
  return { judge: true, coverage };
}

/** The point estimate decides; the interval is shown. Of a loss, above the limit fails. */
export function qualityVerdict(
  metric: string,
  measured: { readonly value: number | null; readonly rows: number },
  limit: number,
): CheckVerdict {
  if (measured.value === null || measured.rows < FEWEST_ROWS) return "too_few";
  const isOutside = isLowerBetter(metric) ? measured.value > limit : measured.value < limit;
  return isOutside ? "fail" : "pass";
}

export type AlertChange = "open" | "still_firing" | "resolve" | "none";

/**
 * What a judged window does to the alert of its monitor. An earlier window than the alert's own changes nothing, and
 * a window that fails late opens nothing where a newer one, the start of which is `passedAt`, has passed already.
 */
export function alertChange(
  verdict: CheckVerdict,
  window: Window,
  standing: { readonly open: { readonly windowStart: Date } | null; readonly passedAt: Date | null },
): AlertChange {
  const { open, passedAt } = standing;
  if (verdict === "fail" && open === null) return passedAt !== null && passedAt > window.start ? "none" : "open";
  if (verdict === "fail") return "still_firing";
  return verdict === "pass" && open !== null && window.start > open.windowStart ? "resolve" : "none";
}

/** Why an open alert cannot be acknowledged, or null. */
export function acknowledgeProblem(alert: {
  readonly state: "pending" | "firing" | "resolved";
  readonly acknowledgedAt: Date | null;
}): string | null {
  if (alert.state === "resolved") return "It is resolved already.";
  return alert.acknowledgedAt ? "It was acknowledged already." : null;
}

/** Why limits cannot be proposed for a metric, or null. */
export function limitsProblem(metric: string, limits: { readonly qualityFloor: number }): string | null {
  const isShare = ["accuracy", "balanced_accuracy", "f1", "roc_auc", "brier"].includes(metric);
  if (isShare && (limits.qualityFloor <= 0 || limits.qualityFloor >= 1))
    return "The quality floor of this metric lies between 0 and 1.";
  return limits.qualityFloor < 0 && metric !== "r2" ? "The quality floor of this metric is not negative." : null;
}

/** Who signs production thresholds: the ML engineer and the data scientist, two people. */
export const THRESHOLD_SIGNERS: readonly Role[] = ["R7", "R3"];
/** How long proposed limits wait for people. */
export const THRESHOLD_DEADLINE_MS = 7 * 86_400_000;

/** Name of the version that is signed: "thresholds of seattle-rain in production v2". */
export function thresholdName(monitor: string, version: number): string {
  return `thresholds of ${monitor} v${version}`;
}
