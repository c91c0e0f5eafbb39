import type { PipelineKind } from "../pipelines/status";
import type { ParameterSpec, ParameterValues } from "../pipelines/types";
import type { HeldBackReason } from "./status";
import type { RetrainingRules } from "./types";

const DAY_MS = 86_400_000;

/** The span over which a policy's budget counts. */
export const BUDGET_DAYS = 30;

export type RetrainingFacts = {
  readonly isQuality: boolean;
  readonly policy: { readonly version: number; readonly rules: RetrainingRules } | null;
  /** Where the finding stands: open, accepted or declined by the data scientist. */
  readonly answer: "open" | "accepted" | "declined";
  /** When the model's last retraining was started; null for never. */
  readonly lastStartedAt: Date | null;
  /** Retrainings of the model that were started within the last 30 days. */
  readonly startedLately: number;
  /** Why the pipeline could not be started, as a sentence; null where it could. */
  readonly problem: string | null;
  readonly now: Date;
};

export type RetrainingDecision =
  | { readonly decision: "started"; readonly reason: null; readonly sentence: string }
  | { readonly decision: "held_back"; readonly reason: HeldBackReason; readonly sentence: string };

const held = (reason: HeldBackReason, sentence: string): RetrainingDecision => ({
  decision: "held_back",
  reason,
  sentence,
});

const days = (count: number) => `${count} ${count === 1 ? "day" : "days"}`;

/**
 * Whether a finding starts a retraining under the model's policy, with the reason as a sentence. Cool-down and budget
 * are in real time. The rules are asked in the order in which a person would: is it meant at all, may it yet, can it.
 */
export function retrainingDecision(facts: RetrainingFacts): RetrainingDecision {
  const { policy, now } = facts;
  if (!facts.isQuality) return held("not_quality", "Only a decline in quality starts a retraining.");
  if (!policy) return held("no_policy", "The model has no retraining policy.");
  const { rules, version } = policy;
  if (!rules.isOn) return held("policy_off", `Policy v${version} is switched off.`);
  if (facts.answer === "declined") return held("declined", "The finding was declined.");
  if (rules.mode === "after_acceptance" && facts.answer !== "accepted") {
    return held("waits_for_acceptance", `Policy v${version} waits until a data scientist accepts the finding.`);
  }
  const limited = limitReached(policy, facts);
  if (limited) return limited;
  if (facts.problem) return held("cannot_start", facts.problem);
  const when = rules.mode === "at_once" ? "at once" : "after the finding was accepted";
  const left = rules.budgetRuns - facts.startedLately - 1;
  const sentence = `Started ${when} by policy v${version}; ${left} of ${rules.budgetRuns} runs left within ${days(BUDGET_DAYS)} of ${now.toISOString().slice(0, 10)}.`;
  return { decision: "started", reason: null, sentence };
}

function limitReached(
  { rules, version }: NonNullable<RetrainingFacts["policy"]>,
  { lastStartedAt, startedLately, now }: RetrainingFacts,
): RetrainingDecision | null {
  const cooledAt = lastStartedAt && new Date(lastStartedAt.getTime() + rules.cooldownDays * DAY_MS);
  if (cooledAt && now < cooledAt) {
    return held(
      "cool_down",
      `Policy v${version} keeps ${days(rules.cooldownDays)} between two retrainings; the next may start on ${cooledAt.toISOString().slice(0, 16).replace("T", " ")} UTC.`,
    );
  }
  if (startedLately >= rules.budgetRuns) {
    return held(
      "budget",
      `The budget of policy v${version} is used up: ${startedLately} of ${rules.budgetRuns} runs within ${days(BUDGET_DAYS)}.`,
    );
  }
  return null;
}

/** The instant after which a start still counts against the budget. */
export function budgetSince(now: Date): Date {
  return new Date(now.getTime() - BUDGET_DAYS * DAY_MS);
}

const isoDay = (at: Date) => at.toISOString().slice(0, 10);

/** The days that a retraining learns from: `days` of them, the last one the day before the judged window (UTC). */
export function trainingWindow(
  windowStart: Date,
  windowDays: number,
): { readonly firstDay: string; readonly lastDay: string } {
  return {
    firstDay: isoDay(new Date(windowStart.getTime() - windowDays * DAY_MS)),
    lastDay: isoDay(new Date(windowStart.getTime() - DAY_MS)),
  };
}

/** Parameters of the run: the training window and the newest data under the names that the policy chose. */
export function retrainingParameters(rules: RetrainingRules, windowStart: Date): ParameterValues {
  const { firstDay, lastDay } = trainingWindow(windowStart, rules.windowDays);
  return {
    ...(rules.firstDayParameter && { [rules.firstDayParameter]: firstDay }),
    ...(rules.lastDayParameter && { [rules.lastDayParameter]: lastDay }),
    ...(rules.datasetVersionParameter && { [rules.datasetVersionParameter]: "latest" }),
  };
}

export type PolicyProblem = { readonly name: string; readonly reason: string };

type NamedParameter = readonly [field: string, name: string | null, types: readonly ParameterSpec["type"][]];

/**
 * What is wrong with a policy for this pipeline, by the policy's field: a parameter that the definition does not have or that
 * takes another type, and a definition whose versions nobody could propose.
 */
export function policyProblems(
  rules: RetrainingRules,
  pipeline: {
    readonly name: string;
    readonly kind: PipelineKind;
    readonly plan: { readonly parameters: readonly ParameterSpec[] };
  },
): readonly PolicyProblem[] {
  const named: readonly NamedParameter[] = [
    ["firstDayParameter", rules.firstDayParameter, ["date", "string"]],
    ["lastDayParameter", rules.lastDayParameter, ["date", "string"]],
    ["datasetVersionParameter", rules.datasetVersionParameter, ["string"]],
  ];
  const problems = named.flatMap(([field, name, types]): readonly PolicyProblem[] => {
    if (name === null) return [];
    const spec = pipeline.plan.parameters.find((each) => each.name === name);
    if (!spec) return [{ name: field, reason: `${pipeline.name} has no parameter ${name}.` }];
    return types.includes(spec.type)
      ? []
      : [{ name: field, reason: `The parameter ${name} takes a ${spec.type}, not a ${types.join(" or ")}.` }];
  });
  return pipeline.kind === "production"
    ? problems
    : [
        ...problems,
        {
          name: "pipelineId",
          reason: `${pipeline.name} is a development definition; a version from its run could not be proposed.`,
        },
      ];
}
