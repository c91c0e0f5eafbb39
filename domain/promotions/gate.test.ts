import { describe, expect, test } from "vitest";
import type { EvaluatedRow } from "../registry/types";
import { blockingRulesOf, type GateInput, type Measured, openRulesOf, verdictSummary, verdictsOf } from "./gate";
import { differenceText, metricText } from "./metrics";

/** Rows of which the first `right` are answered rightly. */
const rows = (right: number, total = 93): EvaluatedRow[] =>
  Array.from({ length: total }, (_, index) => ({
    rowHash: `row-${index}`,
    label: 1,
    prediction: index < right ? 1 : 0,
    probability: null,
  }));
const measured = (right: number, total = 93): Measured => ({
  kind: "measured",
  metrics: { accuracy: right / total },
  rows: rows(right, total),
});

const input: GateInput = {
  rules: {
    holdoutDatasetVersionId: "h",
    target: "precipitation > 0",
    metric: "accuracy",
    mlProblemVersion: 1,
    acceptanceThreshold: 0.65,
    isComparedWithCurrent: true,
    isValidationRequired: true,
  },
  environment: "production",
  version: 2,
  holdout: "holdout v1, 93 rows",
  candidate: measured(74),
  current: null,
  inputs: [{ name: "weather v1", sharedRows: 0, problem: null, hasPassedValidation: true }],
  order: { requires: "staging", isServing: true },
  review: null,
};
const verdictOf = (change: Partial<GateInput>, rule: string) =>
  verdictsOf({ ...input, ...change }).find((one) => one.rule === rule);

test("a first version passes, and the comparison does not apply", () => {
  const results = verdictsOf(input);
  expect(verdictSummary(results)).toBe("5 pass, 1 not applicable");
  expect(blockingRulesOf(results)).toEqual([]);
  expect(openRulesOf(results)).toEqual([]);
});

describe("metric against the acceptance threshold", () => {
  test("at the threshold passes", () =>
    expect(verdictOf({ rules: { ...input.rules, acceptanceThreshold: 74 / 93 } }, "metric_threshold")?.verdict).toBe(
      "pass",
    ));
  test("under it fails", () => {
    const found = verdictOf({ candidate: measured(50) }, "metric_threshold");
    expect(found).toMatchObject({ verdict: "fail", limit: 0.65, direction: "at_least" });
    expect(found?.sentence).toBe("0.538 is under the acceptance threshold of 0.650.");
  });
  test("less is better for an error", () => {
    const rules = { ...input.rules, metric: "rmse", acceptanceThreshold: 2 };
    const candidate: Measured = { kind: "measured", metrics: { rmse: 2.5 }, rows: rows(3, 4) };
    expect(verdictOf({ rules, candidate }, "metric_threshold")).toMatchObject({
      verdict: "fail",
      direction: "at_most",
    });
  });
  test("a metric that was not measured is an error", () => {
    expect(verdictOf({ rules: { ...input.rules, metric: "brier" } }, "metric_threshold")?.verdict).toBe("error");
    expect(
      verdictOf({ candidate: { kind: "failed", reason: "It took longer than 60 s." } }, "metric_threshold")?.verdict,
    ).toBe("error");
  });
});

describe("better than what serves now", () => {
  const against = (right: number) =>
    verdictOf({ current: { version: 1, measured: measured(right) } }, "better_than_current");
  test("an interval above zero passes", () => expect(against(50)?.verdict).toBe("pass"));
  test("an interval below zero fails", () => expect(against(92)?.verdict).toBe("fail"));
  test("an interval that holds zero is inconclusive, with its measurements", () => {
    expect(against(73)).toMatchObject({ verdict: "inconclusive", value: 1 / 93, pValue: 1 });
    expect(against(73)?.interval?.[0]).toBeLessThan(0);
  });
  test("other rows cannot be compared", () => {
    const current = { version: 1, measured: measured(50, 92) };
    expect(verdictOf({ current }, "better_than_current")?.verdict).toBe("error");
  });
  test("a mean loss is compared row by row", () => {
    const rules = { ...input.rules, metric: "mae", acceptanceThreshold: 5 };
    const answer = (error: number): Measured => ({
      kind: "measured",
      metrics: { mae: error },
      rows: rows(93).map((row, index) => ({ ...row, prediction: row.label + error + (index % 2) / 10 })),
    });
    expect(
      verdictOf({ rules, candidate: answer(1), current: { version: 1, measured: answer(2) } }, "better_than_current"),
    ).toMatchObject({ verdict: "pass", pValue: null });
  });
});

describe("what cannot be signed away", () => {
  test("a hold-out that shares rows with the training data is an error", () => {
    const inputs = [{ name: "weather v1", sharedRows: 12, problem: null, hasPassedValidation: true }];
    expect(verdictOf({ inputs }, "holdout_is_unseen")).toMatchObject({ verdict: "error", value: 12 });
  });
  test("so is a version without lineage", () => {
    const results = verdictsOf({ ...input, inputs: [] });
    expect(blockingRulesOf(results)).toEqual(["Hold-out is unseen", "Validation passed"]);
  });
  test("failed and missing validation", () => {
    expect(
      verdictOf(
        { inputs: [{ name: "weather v1", sharedRows: 0, problem: null, hasPassedValidation: false }] },
        "validation",
      )?.verdict,
    ).toBe("fail");
    expect(
      verdictOf(
        { inputs: [{ name: "weather v1", sharedRows: 0, problem: null, hasPassedValidation: null }] },
        "validation",
      )?.verdict,
    ).toBe("error");
  });
  test("production before staging", () =>
    expect(verdictOf({ order: { requires: "staging", isServing: false } }, "order")?.verdict).toBe("fail"));
  test("a file that does not run", () =>
    expect(verdictOf({ candidate: { kind: "failed", reason: "x" } }, "model_file")?.verdict).toBe("error"));
});

test("numbers have a real minus sign and no minus zero", () => {
  expect([
    metricText(-0.0112),
    metricText(-0.0001),
    metricText(0.87),
    metricText(-1461.4),
    differenceText(0.022),
    differenceText(0),
  ]).toEqual(["−0.011", "0.000", "0.870", "−1461", "+0.022", "0.000"]);
});

describe("a review that the policy asks for", () => {
  const rules = { ...input.rules, reviewRoles: ["R4", "R5"] as const };
  const verdict = (
    role: "R4" | "R5",
    part: { decision?: "approved" | "changes_requested"; isOutdated?: boolean } = {},
  ) => ({
    userId: role,
    name: role === "R4" ? "Ravi" : "Tomás",
    role,
    decision: "approved" as const,
    isOutdated: false,
    ...part,
  });
  const review = (part: Partial<NonNullable<GateInput["review"]>> = {}): GateInput["review"] => ({
    id: "r",
    number: 12,
    evidenceDigest: "9f3a0000000000000000000000000000000000000000000000000000000000c21",
    isReady: true,
    verdicts: [verdict("R4"), verdict("R5")],
    unresolvedThreads: 0,
    ...part,
  });

  test("is no rule where no role is asked for, nor in a policy from before there were reviews", () => {
    expect(verdictOf({ review: review() }, "review")).toBeUndefined();
    expect(verdictOf({ rules: { ...rules, reviewRoles: [] }, review: review() }, "review")).toBeUndefined();
  });

  test("passes when each role approved what is current and every thread is resolved", () => {
    expect(verdictOf({ rules, review: review() }, "review")).toMatchObject({
      verdict: "pass",
      title: "Experiment review",
      scope: "R-12, evidence 9f3a…c21",
    });
  });

  test("blocks until then, and says what is missing", () => {
    const found = verdictOf(
      {
        rules,
        review: review({
          verdicts: [verdict("R4", { decision: "changes_requested" }), verdict("R5")],
          unresolvedThreads: 1,
        }),
      },
      "review",
    );
    expect(found).toMatchObject({
      verdict: "not_yet",
      sentence: "Ravi asks for changes. 1 thread is not resolved.",
    });
    const results = verdictsOf({ ...input, rules, review: null });
    expect(blockingRulesOf(results)).toEqual(["Experiment review"]);
    expect(verdictSummary(results)).toBe("5 pass, 1 not yet, 1 not applicable");
  });

  test("holds nothing that a further approval changes", () => {
    const more = review({
      verdicts: [verdict("R4"), verdict("R5"), { ...verdict("R5"), userId: "other", name: "Sam" }],
    });
    expect(verdictOf({ rules, review: more }, "review")).toEqual(verdictOf({ rules, review: review() }, "review"));
  });
});
