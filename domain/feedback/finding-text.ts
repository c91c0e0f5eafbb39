import { windowName } from "../monitoring/windows";
import { metricText, metricTitle } from "../promotions/metrics";

const DAY_MS = 86_400_000;

export type Finding = {
  readonly metric: string;
  /** "seattle-rain v1". */
  readonly version: string;
  readonly environment: string;
  readonly windowStart: Date;
  readonly value: number;
  readonly lower: number | null;
  readonly upper: number | null;
  readonly limit: number;
  readonly rows: number;
  /** Share of the window's answers whose truth is known, in [0, 1]. */
  readonly coverage: number;
};

/** One line for lists: "Accuracy of seattle-rain v1 at 0.576 in 2013 Q4". */
export function findingTitle(finding: Finding): string {
  const { metric, version, value, windowStart } = finding;
  return `${metricTitle(metric)} of ${version} at ${metricText(value)} in ${windowName(windowStart)}`;
}

/** The finding in full sentences, with its uncertainty and how much of the window is known. */
export function findingBody(finding: Finding): string {
  const { metric, version, environment, value, lower, upper, limit, rows, coverage, windowStart } = finding;
  const interval =
    lower === null || upper === null ? "" : ` (95 % interval ${metricText(lower)} to ${metricText(upper)})`;
  return [
    `${version} serves in ${environment}. In ${windowName(windowStart)} its ${metricTitle(metric).toLowerCase()} was ${metricText(value)}${interval}; the signed limit is ${metricText(limit)}.`,
    `It was judged on ${rows.toLocaleString("en")} answers, of which the truth is known for ${(coverage * 100).toFixed(1)} %.`,
  ].join(" ");
}

/** When a person should have answered, in real time. */
export function dueAt(now: Date, days: number): Date {
  return new Date(now.getTime() + days * DAY_MS);
}
