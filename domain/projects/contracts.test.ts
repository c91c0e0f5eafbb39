import { expect, test } from "vitest";
import { mlProblemInput } from "./contracts";

test.each([
  ["accuracy", 5, "This metric lies between 0 and 1."],
  ["accuracy", -1, "This metric lies between 0 and 1."],
  ["rmse", -0.1, "This metric is never below 0."],
  ["r2", 1.2, "This metric is never above 1."],
] as const)("a threshold of %s cannot be %d", (metric, acceptanceThreshold, sentence) => {
  const parsed = mlProblemInput.safeParse({
    task: "regression",
    target: "y",
    predictionUnit: "one row",
    metric,
    acceptanceThreshold,
    rationale: "Because.",
  });
  expect(parsed.error?.issues).toMatchObject([{ path: ["acceptanceThreshold"], message: sentence }]);
});
