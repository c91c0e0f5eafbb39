import { describe, expect, test } from "vitest";
import { labelChange } from "./labels";
import { acknowledgeProblem, alertChange, judgementOf, limitsProblem, qualityVerdict } from "./policy";
import { closedQuarters, quarterOf, windowName } from "./windows";

const day = (text: string) => new Date(`${text}T00:00:00Z`);
const q4 = quarterOf(day("2013-11-05"));
const facts = { window: q4, labelDelayDays: 2, minimumCoverage: 0.95, rows: 92, labelled: 92 };

describe("windows", () => {
  test("quarters are calendar quarters in UTC", () => {
    expect(q4).toEqual({ start: day("2013-10-01"), end: day("2014-01-01") });
    expect(windowName(q4.start)).toBe("2013 Q4");
  });
  test("closed ones are those that ended by the as-of", () => {
    expect(closedQuarters(day("2013-02-03"), day("2013-09-30")).map(({ start }) => windowName(start))).toEqual([
      "2013 Q1",
      "2013 Q2",
    ]);
    expect(closedQuarters(day("2013-02-03"), day("2013-10-01"))).toHaveLength(3);
    expect(closedQuarters(day("2013-02-03"), day("2013-02-04"))).toEqual([]);
  });
});

describe("when a quarter is judged", () => {
  test("not before its labels are due", () =>
    expect(judgementOf({ ...facts, asOf: day("2014-01-02") })).toMatchObject({ judge: false, reason: "open" }));
  test("at its end plus the delay", () =>
    expect(judgementOf({ ...facts, asOf: day("2014-01-03") })).toEqual({ judge: true, coverage: 1 }));
  test("not under the coverage", () =>
    expect(judgementOf({ ...facts, asOf: day("2014-02-03"), labelled: 87 })).toMatchObject({
      reason: "labels_missing",
    }));
  test("not without answers", () =>
    expect(judgementOf({ ...facts, asOf: day("2014-02-03"), rows: 0, labelled: 0 })).toMatchObject({
      reason: "empty",
    }));
});

describe("verdicts", () => {
  test("the point estimate decides", () => {
    expect(qualityVerdict("accuracy", { value: 0.576, rows: 92 }, 0.65)).toBe("fail");
    expect(qualityVerdict("accuracy", { value: 0.65, rows: 92 }, 0.65)).toBe("pass");
  });
  test("of a loss, above fails", () => {
    expect(qualityVerdict("brier", { value: 0.3, rows: 92 }, 0.25)).toBe("fail");
    expect(qualityVerdict("brier", { value: 0.2, rows: 92 }, 0.25)).toBe("pass");
  });
  test("few rows say nothing", () => {
    expect(qualityVerdict("accuracy", { value: 0.1, rows: 19 }, 0.65)).toBe("too_few");
    expect(qualityVerdict("roc_auc", { value: null, rows: 40 }, 0.65)).toBe("too_few");
  });
});

describe("alerts", () => {
  const open = { windowStart: q4.start };
  const next = quarterOf(day("2014-02-01"));
  test("a failure opens one, another keeps it", () => {
    expect(alertChange("fail", q4, null)).toBe("open");
    expect(alertChange("fail", next, open)).toBe("still_firing");
  });
  test("only a later pass resolves", () => {
    expect(alertChange("pass", next, open)).toBe("resolve");
    expect(alertChange("pass", quarterOf(day("2013-05-01")), open)).toBe("none");
    expect(alertChange("too_few", next, open)).toBe("none");
    expect(alertChange("pass", next, null)).toBe("none");
  });
  test("is acknowledged once, while it is open", () => {
    expect(acknowledgeProblem({ state: "firing", acknowledgedAt: null })).toBeNull();
    expect(acknowledgeProblem({ state: "firing", acknowledgedAt: day("2014-01-04") })).not.toBeNull();
    expect(acknowledgeProblem({ state: "resolved", acknowledgedAt: null })).not.toBeNull();
  });
});

test("a floor of a share lies inside of 0 and 1", () => {
  expect(limitsProblem("accuracy", { qualityFloor: 0.65 })).toBeNull();
  expect(limitsProblem("accuracy", { qualityFloor: 65 })).not.toBeNull();
  expect(limitsProblem("rmse", { qualityFloor: 65 })).toBeNull();
  expect(limitsProblem("rmse", { qualityFloor: -1 })).not.toBeNull();
});

describe("another label for the same answer", () => {
  const first = { value: 0, eventTimeMs: 1_000 };
  const known = { ...first, known: [first] };
  test("the same value is a repetition, whenever", () =>
    expect(labelChange(known, { value: 0, eventTimeMs: 9_000 })).toBe("repeated"));
  test("a later truth replaces", () => expect(labelChange(known, { value: 1, eventTimeMs: 2_000 })).toBe("replaces"));
  test("an earlier one stands beside", () =>
    expect(labelChange(known, { value: 1, eventTimeMs: 500 })).toBe("kept_beside"));
  test("a message that was seen before changes nothing", () => {
    const corrected = { value: 1, eventTimeMs: 1_000, known: [first, { value: 1, eventTimeMs: 1_000 }] };
    expect(labelChange(corrected, first)).toBe("repeated");
  });
});
