import { expect, test } from "vitest";
import { add, ONE_FAILED, summaryLine, tallyOfPlaywright, tallyOfVitest } from "./tally";

const vitest = { success: true, numPassedTests: 7, numFailedTests: 0, numPendingTests: 1, numTodoTests: 0 };

test("the summary names what was skipped only where something was", () => {
  expect(summaryLine(add({ passed: 3, failed: 0, skipped: 0 }, ONE_FAILED))).toBe("3 passed, 1 failed");
  expect(summaryLine(tallyOfVitest(vitest))).toBe("7 passed, 0 failed, 1 skipped");
});

test("a test file that could not be loaded counts as a failure", () => {
  expect(tallyOfVitest({ ...vitest, success: false }).failed).toBe(1);
  expect(tallyOfVitest({ ...vitest, success: false, numFailedTests: 4 }).failed).toBe(4);
});

test("a browser test that passed at the second try, and an error outside of tests, count as failures", () => {
  const stats = { expected: 5, unexpected: 1, flaky: 1, skipped: 0 };
  expect(tallyOfPlaywright({ stats, errors: [{ message: "no server" }] })).toEqual({
    passed: 5,
    failed: 3,
    skipped: 0,
  });
});
