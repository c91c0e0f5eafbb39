import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { binaryMetrics, majorityShare, multiclassMetrics, regressionMetrics } from "./metrics";

type Golden = {
  readonly labels: number[];
  readonly predictions: number[];
  readonly probabilities: number[];
  readonly metrics: Record<string, number>;
  readonly majorityShare: number;
};
const golden = JSON.parse(readFileSync("server/testing/fixtures/golden-metrics.json", "utf8")) as {
  readonly rain: Golden;
  readonly temperature: Golden;
};

function expectClose(found: Readonly<Record<string, number>>, wanted: Readonly<Record<string, number>>): void {
  expect(Object.keys(found).sort()).toEqual(Object.keys(wanted).sort());
  for (const [name, value] of Object.entries(wanted)) expect(found[name], name).toBeCloseTo(value, 12);
}

describe("metrics agree with scikit-learn on recorded data", () => {
  test("of a binary decision with probabilities", () => {
    const { labels, predictions, probabilities, metrics } = golden.rain;
    expectClose(binaryMetrics(labels, predictions, probabilities), metrics);
    expect(majorityShare(labels)).toBeCloseTo(golden.rain.majorityShare, 12);
  });

  test("of a regression", () => {
    const { labels, predictions, metrics } = golden.temperature;
    expectClose(regressionMetrics(labels, predictions), metrics);
  });
});

describe("metrics at the edges", () => {
  test("with one label only there is no ROC curve, and balanced accuracy is of that label", () => {
    const found = binaryMetrics([1, 1, 1], [1, 1, 0], [0.9, 0.8, 0.3]);
    expect(found).not.toHaveProperty("roc_auc");
    expect(found.balanced_accuracy).toBeCloseTo(2 / 3);
  });

  test("a certain and wrong probability costs a finite loss", () => {
    expect(binaryMetrics([1], [0], [0]).log_loss).toBeCloseTo(36.04, 1);
  });

  test("tied probabilities count half in the ROC curve, whatever their order", () => {
    const rows = fc.array(fc.record({ label: fc.constantFrom(0, 1), score: fc.constantFrom(0.1, 0.5, 0.9) }), {
      minLength: 2,
      maxLength: 30,
    });
    fc.assert(
      fc.property(rows, (table) => {
        const labels = table.map((row) => row.label);
        const scores = table.map((row) => row.score);
        const found = binaryMetrics(labels, labels, scores).roc_auc;
        const pairs = table
          .flatMap((a) =>
            table.map((b) =>
              a.label === 1 && b.label === 0 ? Number(a.score > b.score) + Number(a.score === b.score) / 2 : null,
            ),
          )
          .filter((value) => value !== null);
        if (pairs.length === 0) expect(found).toBeUndefined();
        else expect(found).toBeCloseTo(pairs.reduce((sum, value) => sum + value, 0) / pairs.length, 12);
      }),
    );
  });

  test("labels that do not vary give r2 1 when met and 0 when missed", () => {
    expect(regressionMetrics([2, 2], [2, 2]).r2).toBe(1);
    expect(regressionMetrics([2, 2], [2, 3]).r2).toBe(0);
  });

  test("of three labels", () => {
    expect(multiclassMetrics([0, 1, 2, 2], [0, 2, 2, 2])).toEqual({ accuracy: 0.75, balanced_accuracy: 2 / 3 });
  });
});
