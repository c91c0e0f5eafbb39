import { differenceText, metricText } from "@/domain/promotions/metrics";
import type { RuleResult } from "@/domain/promotions/types";
import { formatCount } from "../data/format";
import type { Tone } from "../ui/badge";

const SIGNS = { at_least: "≥", at_most: "≤", above: ">" } as const;

/** A rule's number in its own unit: a count of rows, a difference with its sign, or a metric. */
export function numberText(rule: RuleResult["rule"], value: number): string {
  if (rule === "holdout_is_unseen") return formatCount(value);
  return rule === "better_than_current" ? differenceText(value) : metricText(value);
}

/** "≥ 0.650"; empty where the rule has no limit. */
export function limitText({ rule, limit, direction }: RuleResult): string {
  if (limit === null || direction === null) return "";
  return `${SIGNS[direction]} ${rule === "better_than_current" ? "0" : numberText(rule, limit)}`;
}

/** "−0.011 … +0.054, exact p 0.035": what stands beside a comparison. */
export function intervalText({ interval, pValue }: RuleResult): string {
  if (!interval) return "";
  const range = `${differenceText(interval[0])} … ${differenceText(interval[1])}`;
  return pValue === null ? range : `${range}, exact p ${metricText(pValue)}`;
}

export const VERDICT_TONE: Readonly<Record<RuleResult["verdict"], Tone>> = {
  pass: "pass",
  fail: "fail",
  inconclusive: "warn",
  error: "fail",
  not_yet: "wait",
  not_applicable: "idle",
};

/** The position strip as a sentence. */
export function positionLabel(result: RuleResult): string {
  const value = result.value === null ? "not measured" : numberText(result.rule, result.value);
  const current = result.current === null ? "" : `, now ${numberText(result.rule, result.current)}`;
  const interval = result.interval ? `, 95 % interval ${intervalText(result)}` : "";
  return `${result.title}: ${value}${current}, limit ${limitText(result)}${interval}`;
}
