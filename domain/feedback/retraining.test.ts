import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  BUDGET_DAYS,
  budgetSince,
  policyProblems,
  type RetrainingFacts,
  retrainingDecision,
  retrainingParameters,
  trainingWindow,
} from "./retraining";
import type { RetrainingRules } from "./types";

const DAY_MS = 86_400_000;
const now = new Date("2026-05-10T12:00:00Z");

const rules: RetrainingRules = {
  isOn: true,
  pipelineId: "0198c000-0000-7000-8000-000000000001",
  windowDays: 365,
  firstDayParameter: "first_day",
  lastDayParameter: "last_day",
  datasetVersionParameter: "data_version",
  mode: "at_once",
  cooldownDays: 7,
  budgetRuns: 2,
};
const facts: RetrainingFacts = {
  isQuality: true,
  policy: { version: 3, rules },
  answer: "open",
  lastStartedAt: null,
  startedLately: 0,
  problem: null,
  now,
};
const reasonOf = (change: Partial<RetrainingFacts>) => retrainingDecision({ ...facts, ...change }).reason;
const withRules = (change: Partial<RetrainingRules>) => ({ policy: { version: 3, rules: { ...rules, ...change } } });

describe("a retraining", () => {
  test("starts at once, and says how much of the budget is left", () => {
    expect(retrainingDecision(facts)).toEqual({
      decision: "started",
      reason: null,
      sentence: "Started at once by policy v3; 1 of 2 runs left within 30 days of 2026-05-10.",
    });
  });

  test.each([
    [{ isQuality: false }, "not_quality"],
    [{ policy: null }, "no_policy"],
    [withRules({ isOn: false }), "policy_off"],
    [{ answer: "declined" }, "declined"],
    [withRules({ mode: "after_acceptance" }), "waits_for_acceptance"],
    [{ startedLately: 2 }, "budget"],
    [{ problem: "The dataset is gone." }, "cannot_start"],
  ] as const)("%o is held back as %s", (change, expected) => {
    expect(reasonOf(change)).toBe(expected);
    expect(retrainingDecision({ ...facts, ...change }).sentence).toMatch(/^[A-Z].*\.$/);
  });

  test("after the acceptance starts, where nothing else holds it", () => {
    const waiting = withRules({ mode: "after_acceptance" });
    expect(reasonOf({ ...waiting, answer: "accepted" })).toBeNull();
    expect(reasonOf({ ...waiting, answer: "accepted", startedLately: 2 })).toBe("budget");
  });

  test("waits until the cool-down is over, to the millisecond", () => {
    const started = (agoMs: number) => ({ lastStartedAt: new Date(now.getTime() - agoMs) });
    expect(reasonOf(started(7 * DAY_MS))).toBeNull();
    expect(reasonOf(started(7 * DAY_MS - 1))).toBe("cool_down");
    expect(reasonOf({ ...started(0), ...withRules({ cooldownDays: 0 }) })).toBeNull();
  });

  test("never starts more often than budget and cool-down allow, whatever the alerts", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 20 * DAY_MS }), { maxLength: 60 }),
        fc.integer({ min: 0, max: 20 }),
        fc.integer({ min: 1, max: 5 }),
        (gaps, cooldownDays, budgetRuns) => {
          const starts = startsOf(gaps, { cooldownDays, budgetRuns });
          expect(shortestSpan(starts, 1)).toBeGreaterThanOrEqual(cooldownDays * DAY_MS);
          expect(shortestSpan(starts, budgetRuns)).toBeGreaterThanOrEqual(BUDGET_DAYS * DAY_MS);
        },
      ),
    );
  });
});

/** Instants at which alerts with these gaps between them start a retraining. */
function startsOf(gaps: readonly number[], limits: Pick<RetrainingRules, "cooldownDays" | "budgetRuns">) {
  const starts: Date[] = [];
  let at = now.getTime();
  for (const gap of gaps) {
    at += gap;
    const time = new Date(at);
    const { decision } = retrainingDecision({
      ...facts,
      ...withRules(limits),
      now: time,
      lastStartedAt: starts.at(-1) ?? null,
      startedLately: starts.filter((start) => start > budgetSince(time)).length,
    });
    if (decision === "started") starts.push(time);
  }
  return starts;
}

/** The shortest time from one start to the one that comes `steps` later. */
function shortestSpan(starts: readonly Date[], steps: number): number {
  const spans = starts.slice(steps).map((start, index) => start.getTime() - (starts[index]?.getTime() ?? 0));
  return Math.min(...spans, Number.POSITIVE_INFINITY);
}

describe("the training window", () => {
  test("ends the day before the judged window, and is as long as the policy says", () => {
    expect(trainingWindow(new Date("2013-10-01T00:00:00Z"), 365)).toEqual({
      firstDay: "2012-10-01",
      lastDay: "2013-09-30",
    });
  });

  test("goes into the parameters that the policy names, with the newest data", () => {
    const start = new Date("2013-10-01T00:00:00Z");
    expect(retrainingParameters(rules, start)).toEqual({
      first_day: "2012-10-01",
      last_day: "2013-09-30",
      data_version: "latest",
    });
    const nameless = { ...rules, firstDayParameter: null, lastDayParameter: null, datasetVersionParameter: null };
    expect(retrainingParameters(nameless, start)).toEqual({});
  });
});

describe("a policy", () => {
  const spec = (name: string, type: "date" | "string" | "integer") => ({ name, type, default: null, description: "" });
  const pipeline = (parameters: ReturnType<typeof spec>[], kind: "production" | "development" = "production") => ({
    name: "weather",
    kind,
    plan: { parameters },
  });
  const whole = [spec("first_day", "date"), spec("last_day", "date"), spec("data_version", "string")];

  test("fits a pipeline that has its parameters", () => expect(policyProblems(rules, pipeline(whole))).toEqual([]));
  test("does not fit one that lacks them, takes other types, or whose versions nobody could propose", () => {
    const other = pipeline([spec("first_day", "integer"), spec("last_day", "date")], "development");
    expect(policyProblems(rules, other).map(({ name }) => name)).toEqual([
      "firstDayParameter",
      "datasetVersionParameter",
      "pipelineId",
    ]);
  });
});
