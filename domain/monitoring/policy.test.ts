import { describe, expect, test } from "vitest";
import { type KnownLabel, labelChange } from "./labels";
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
    const starts = [day("2013-01-01"), day("2013-04-01"), day("2013-07-01")];
    expect(closedQuarters(starts, day("2013-09-30")).map(({ start }) => windowName(start))).toEqual([
      "2013 Q1",
      "2013 Q2",
    ]);
    expect(closedQuarters(starts, day("2013-10-01"))).toHaveLength(3);
    expect(closedQuarters(starts, day("2013-02-04"))).toEqual([]);
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
  const standing = { open: { windowStart: q4.start }, passedAt: null };
  const next = quarterOf(day("2014-02-01"));
  test("a failure opens one, another keeps it", () => {
    expect(alertChange("fail", q4, { open: null, passedAt: null })).toBe("open");
    expect(alertChange("fail", next, standing)).toBe("still_firing");
  });
  test("only a later pass resolves", () => {
    expect(alertChange("pass", next, standing)).toBe("resolve");
    expect(alertChange("pass", quarterOf(day("2013-05-01")), standing)).toBe("none");
    expect(alertChange("too_few", next, standing)).toBe("none");
    expect(alertChange("pass", next, { open: null, passedAt: null })).toBe("none");
  });
  test("a late failure opens nothing where a newer window has passed", () => {
    expect(alertChange("fail", q4, { open: null, passedAt: next.start })).toBe("none");
    expect(alertChange("fail", next, { open: null, passedAt: q4.start })).toBe("open");
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
  test("the same value moves only its time on", () => {
    expect(labelChange(known, { value: 0, eventTimeMs: 9_000 })).toBe("confirms");
    expect(labelChange(known, { value: 0, eventTimeMs: 1_000 })).toBe("repeated");
    expect(labelChange(known, { value: 0, eventTimeMs: 500 })).toBe("repeated");
  });
  test("a later truth replaces", () => expect(labelChange(known, { value: 1, eventTimeMs: 2_000 })).toBe("replaces"));
  test("an earlier one stands beside", () =>
    expect(labelChange(known, { value: 1, eventTimeMs: 500 })).toBe("kept_beside"));
  test("a message that was seen before changes nothing", () => {
    const corrected = { value: 1, eventTimeMs: 1_000, known: [first, { value: 1, eventTimeMs: 1_000 }] };
    expect(labelChange(corrected, first)).toBe("repeated");
  });
});

test("labels of one answer end the same in every order", () => {
  const sets: readonly (readonly (readonly [number, number])[])[] = [
    [
      [1, 1],
      [1, 3],
      [0, 2],
    ],
    [
      [1, 1],
      [0, 2],
      [1, 3],
      [0, 4],
    ],
    [
      [0, 1],
      [1, 2],
      [1, 4],
      [0, 3],
    ],
  ];
  const permutations = <T>(items: readonly T[]): T[][] =>
    items.length === 0
      ? [[]]
      : items.flatMap((item, at) =>
          permutations(items.filter((_, other) => other !== at)).map((rest) => [item, ...rest]),
        );
  const endOf = (order: readonly (readonly [number, number])[]) => {
    const labels = order.map(([value, eventTimeMs]) => ({ value, eventTimeMs }));
    const [first, ...later] = labels;
    if (!first) throw new Error("A set has a label.");
    return later.reduce<KnownLabel>(
      (known, label) => {
        const change = labelChange(known, label);
        const counts = change === "replaces" || change === "confirms" ? label : known;
        if (change === "repeated") return known;
        return { value: counts.value, eventTimeMs: counts.eventTimeMs, known: [...known.known, label] };
      },
      { ...first, known: [first] },
    );
  };
  for (const set of sets) {
    const newest = [...set].sort((a, b) => b[1] - a[1])[0];
    for (const order of permutations(set)) {
      const { value, eventTimeMs } = endOf(order);
      expect([value, eventTimeMs]).toEqual(newest);
    }
  }
});
