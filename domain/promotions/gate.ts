import type { Role } from "../identity/roles";
import type { EvaluatedRow } from "../registry/types";
import { outcomeOf, reviewName } from "../reviews/outcome";
import type { ReviewFacts } from "../reviews/types";
import { compareVersions } from "./comparison";
import { differenceText, isLowerBetter, metricText, metricTitle } from "./metrics";
import { reviewRolesOf } from "./policy";
import type { EnvironmentName, Verdict } from "./status";
import type { PolicyRules, RuleResult } from "./types";

/** One version run by the platform on the hold-out, or why that was not possible. */
export type Measured =
  | {
      readonly kind: "measured";
      readonly metrics: Readonly<Record<string, number>>;
      readonly rows: readonly EvaluatedRow[];
    }
  | { readonly kind: "failed"; readonly reason: string };

/** Everything that was measured and looked up; the verdicts follow from it alone. */
export type GateInput = {
  readonly rules: PolicyRules;
  readonly environment: EnvironmentName;
  readonly version: number;
  /** "seattle-weather-holdout v1, 93 rows". */
  readonly holdout: string;
  readonly candidate: Measured;
  /** The version that the environment serves now; null for the first. */
  readonly current: { readonly version: number; readonly measured: Measured } | null;
  /** Dataset versions in the version's lineage; empty where there is no lineage. */
  readonly inputs: readonly {
    readonly name: string;
    /** Rows that the hold-out shares with it; null where they could not be counted, with the reason. */
    readonly sharedRows: number | null;
    readonly problem: string | null;
    /** The newest validation report; null where it was never validated. */
    readonly hasPassedValidation: boolean | null;
  }[];
  /** Null where the environment needs no other first. */
  readonly order: { readonly requires: EnvironmentName; readonly isServing: boolean } | null;
  /** The open review of the version, its own or its run's; null where there is none. */
  readonly review: ReviewFacts | null;
};

type Draft = Partial<RuleResult> & Pick<RuleResult, "rule" | "title" | "verdict" | "sentence">;

const result = (draft: Draft): RuleResult => ({
  scope: "",
  value: null,
  current: null,
  limit: null,
  direction: null,
  interval: null,
  pValue: null,
  ...draft,
});

const metricOf = (measured: Measured | undefined, metric: string): number | null =>
  measured?.kind === "measured" ? (measured.metrics[metric] ?? null) : null;

function modelFile({ candidate, version }: GateInput): RuleResult {
  const base = { rule: "model_file", title: "Model file" } as const;
  if (candidate.kind === "failed")
    return result({
      ...base,
      verdict: "error",
      sentence: `The platform could not run version ${version}: ${candidate.reason}`,
    });
  return result({
    ...base,
    verdict: "pass",
    sentence: `The platform ran the registered ONNX file of version ${version} itself.`,
  });
}

function order({ order: asked, version }: GateInput): RuleResult | null {
  if (!asked) return null;
  return result({
    rule: "order",
    title: `Serving in ${asked.requires}`,
    verdict: asked.isServing ? "pass" : "fail",
    sentence: asked.isServing
      ? `Version ${version} serves in ${asked.requires}.`
      : `Version ${version} is not the one that serves in ${asked.requires}.`,
  });
}

/** A digest as people read it: "9f3a…c21". */
const shortDigest = (digest: string) => `${digest.slice(0, 4)}…${digest.slice(-3)}`;

/**
 * What the review says, for the roles that the policy asks for. It holds the outcome alone: while it passes, a further
 * comment or approval leaves it as it is.
 */
export function reviewResult(roles: readonly Role[], facts: ReviewFacts | null): RuleResult {
  const { isApproved, sentence } = outcomeOf(roles, facts);
  return result({
    rule: "review",
    title: "Experiment review",
    scope: facts
      ? `${reviewName(facts.number)}${facts.evidenceDigest ? `, evidence ${shortDigest(facts.evidenceDigest)}` : ""}`
      : "",
    verdict: isApproved ? "pass" : "not_yet",
    sentence,
  });
}

function review({ rules, review: facts }: GateInput): RuleResult | null {
  const roles = reviewRolesOf(rules);
  return roles.length > 0 ? reviewResult(roles, facts) : null;
}

function holdoutIsUnseen({ inputs, holdout }: GateInput): RuleResult {
  const base = {
    rule: "holdout_is_unseen",
    title: "Hold-out is unseen",
    scope: holdout,
    limit: 0,
    direction: "at_most",
  } as const;
  if (inputs.length === 0) {
    return result({
      ...base,
      verdict: "error",
      sentence: "The version's lineage names no dataset version, so nobody can say what it was trained on.",
    });
  }
  const unknown = inputs.find((input) => input.sharedRows === null);
  if (unknown)
    return result({
      ...base,
      verdict: "error",
      sentence: `The rows of ${unknown.name} could not be compared with the hold-out: ${unknown.problem ?? "unknown reason"}`,
    });
  const shared = inputs.filter((input) => (input.sharedRows ?? 0) > 0);
  const value = inputs.reduce((sum, input) => sum + (input.sharedRows ?? 0), 0);
  if (shared.length > 0) {
    const names = shared.map((input) => input.name).join(", ");
    return result({
      ...base,
      value,
      verdict: "error",
      sentence: `${value} rows of the hold-out also lie in ${names}, so the measurement says nothing.`,
    });
  }
  return result({
    ...base,
    value,
    verdict: "pass",
    sentence: `No row of the hold-out lies in ${inputs.map((input) => input.name).join(", ")}.`,
  });
}

function validation({ inputs, rules }: GateInput): RuleResult | null {
  if (!rules.isValidationRequired) return null;
  const base = {
    rule: "validation",
    title: "Validation passed",
    scope: inputs.map((input) => input.name).join(", "),
  } as const;
  if (inputs.length === 0)
    return result({
      ...base,
      verdict: "error",
      sentence: "The version's lineage names no dataset version that could be validated.",
    });
  const failed = inputs.filter((input) => input.hasPassedValidation === false);
  if (failed.length > 0)
    return result({
      ...base,
      verdict: "fail",
      sentence: `The newest validation of ${failed.map((input) => input.name).join(", ")} failed.`,
    });
  const missing = inputs.filter((input) => input.hasPassedValidation === null);
  if (missing.length > 0) {
    return result({
      ...base,
      verdict: "error",
      sentence: `${missing.map((input) => input.name).join(", ")} was never validated. Run its checks, then evaluate again.`,
    });
  }
  return result({
    ...base,
    verdict: "pass",
    sentence: "Every check passed on the data that the version was trained on.",
  });
}

function metricThreshold({ rules, candidate, current, holdout }: GateInput): RuleResult {
  const { metric, acceptanceThreshold: limit } = rules;
  const isAtMost = isLowerBetter(metric);
  const base = {
    rule: "metric_threshold",
    title: metricTitle(metric),
    scope: holdout,
    limit,
    direction: isAtMost ? "at_most" : "at_least",
    current: metricOf(current?.measured, metric),
  } as const;
  const value = metricOf(candidate, metric);
  if (value === null || !Number.isFinite(value)) {
    const why = candidate.kind === "failed" ? "the version could not be run" : `the evaluation gives no ${metric}`;
    return result({ ...base, verdict: "error", sentence: `${metricTitle(metric)} was not measured: ${why}.` });
  }
  const isMet = isAtMost ? value <= limit : value >= limit;
  const side = isAtMost ? (isMet ? "at most" : "over") : isMet ? "at least" : "under";
  return result({
    ...base,
    value,
    verdict: isMet ? "pass" : "fail",
    sentence: `${metricText(value)} is ${side} the acceptance threshold of ${metricText(limit)}.`,
  });
}

function verdictOfInterval([low, high]: readonly [number, number]): Verdict {
  if (low > 0) return "pass";
  return high < 0 ? "fail" : "inconclusive";
}

function betterThanCurrent(input: GateInput): RuleResult | null {
  const { rules, candidate, current, environment, holdout } = input;
  if (!rules.isComparedWithCurrent) return null;
  const base = {
    rule: "better_than_current",
    title: `Better than ${environment}`,
    scope: holdout,
    limit: 0,
    direction: "above",
  } as const;
  if (!current)
    return result({
      ...base,
      verdict: "not_applicable",
      sentence: `Nothing serves in ${environment} yet, so there is nothing to compare with.`,
    });
  if (candidate.kind === "failed" || current.measured.kind === "failed") {
    const reason =
      candidate.kind === "failed"
        ? candidate.reason
        : current.measured.kind === "failed"
          ? current.measured.reason
          : "";
    return result({
      ...base,
      verdict: "error",
      sentence: `The comparison with version ${current.version} was not possible: ${reason}`,
    });
  }
  const found = compareVersions(rules.metric, candidate.rows, current.measured.rows);
  if (!found)
    return result({ ...base, verdict: "error", sentence: `Version ${current.version} did not answer the same rows.` });
  const verdict = verdictOfInterval(found.interval);
  const words = { pass: "lies above zero", fail: "lies below zero", inconclusive: "holds zero" }[
    verdict as "pass" | "fail" | "inconclusive"
  ];
  return result({
    ...base,
    verdict,
    value: found.difference,
    interval: found.interval,
    pValue: found.pValue,
    sentence: `Against version ${current.version}: ${found.account}. The 95 % interval ${differenceText(found.interval[0])} to ${differenceText(found.interval[1])} ${words}.`,
  });
}

/** The verdict of every rule that applies, in the order in which people read them. */
export function verdictsOf(input: GateInput): readonly RuleResult[] {
  const rules = [
    metricThreshold(input),
    betterThanCurrent(input),
    holdoutIsUnseen(input),
    validation(input),
    review(input),
    order(input),
    modelFile(input),
  ];
  return rules.filter((rule) => rule !== null);
}

/** Names of the rules that wait for a person's judgement. */
export function openRulesOf(results: readonly RuleResult[]): readonly string[] {
  return results.filter(({ verdict }) => verdict === "inconclusive").map(({ title }) => title);
}

/** Names of the rules that no signature opens. */
export function blockingRulesOf(results: readonly RuleResult[]): readonly string[] {
  const blocking: readonly Verdict[] = ["fail", "error", "not_yet"];
  return results.filter(({ verdict }) => blocking.includes(verdict)).map(({ title }) => title);
}

/** "5 pass, 1 inconclusive": what a person reads first. Rules that do not apply are named last. */
export function verdictSummary(results: readonly Pick<RuleResult, "verdict">[]): string {
  const words: Readonly<Record<Verdict, string>> = {
    pass: "pass",
    inconclusive: "inconclusive",
    fail: "fail",
    error: "error",
    not_yet: "not yet",
    not_applicable: "not applicable",
  };
  const counts = (Object.keys(words) as Verdict[]).map((verdict) => ({
    word: words[verdict],
    count: results.filter((one) => one.verdict === verdict).length,
  }));
  return counts
    .filter(({ count }) => count > 0)
    .map(({ word, count }) => `${count} ${word}`)
    .join(", ");
}
