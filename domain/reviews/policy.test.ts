import { describe, expect, test } from "vitest";
import {
  barredReviewers,
  type ReviewRules,
  refusalForVerdict,
  refusalToClose,
  refusalToReopen,
  refusalToResolve,
  type VerdictAttempt,
} from "./policy";

const rules: ReviewRules = {
  state: "open",
  isReady: true,
  evidenceDigest: "a",
  barred: [{ userId: "ada", reason: "opened this review and started run #184" }],
};
const attempt: VerdictAttempt = {
  userId: "ravi",
  isPerson: true,
  heldRoles: ["R4"],
  asRole: "R4",
  decision: "approved",
  comment: "",
  evidenceDigest: "a",
};
const reason = (change: Partial<VerdictAttempt>, about: Partial<ReviewRules> = {}) =>
  refusalForVerdict({ ...rules, ...about }, { ...attempt, ...change })?.reason ?? null;

describe("a verdict", () => {
  test("counts for a person in a role that they hold, on the evidence that is current", () => {
    expect(reason({})).toBeNull();
    expect(reason({ isPerson: false })).toBe("person_needed");
    expect(reason({}, { state: "closed" })).toBe("closed");
    expect(reason({}, { isReady: false })).toBe("not_ready");
    expect(reason({}, { evidenceDigest: null })).toBe("not_ready");
    expect(reason({ evidenceDigest: "b" })).toBe("evidence_outdated");
    expect(reason({ asRole: "R5" })).toBe("role_not_held");
    expect(reason({ userId: "ada" })).toBe("barred");
  });

  test("that asks for changes says which", () => {
    expect(reason({ decision: "changes_requested", comment: "  " })).toBe("reason_needed");
    expect(reason({ decision: "changes_requested", comment: "Look at the storms." })).toBeNull();
  });

  test("outdated and not ready are conflicts, so that the page is read again", () => {
    const refusal = refusalForVerdict(rules, { ...attempt, evidenceDigest: "b" });
    expect(refusal?.code).toBe("conflict");
  });
});

test("the author is each person who made what is under review, once; who pushed the code at high risk", () => {
  const authors = {
    openedBy: "ada",
    runs: [{ name: "run #184", startedBy: "ada", pushedBy: "ravi" }],
    findingsAcceptedBy: [null],
    registrations: [{ versionName: "v7", registeredBy: null }],
  };
  expect(barredReviewers(authors, "medium")).toEqual([
    { userId: "ada", reason: "opened this review and started run #184" },
  ]);
  expect(barredReviewers({ ...authors, findingsAcceptedBy: ["mia"] }, "low").at(-1)).toEqual({
    userId: "mia",
    reason: "accepted the finding that led to it",
  });
  expect(barredReviewers(authors, "high").map(({ userId }) => userId)).toEqual(["ada", "ravi"]);
});

describe("a thread", () => {
  const thread = { openedBy: "ravi", isResolved: false, reviewState: "open" as const };
  const person = (userId: string, ...heldRoles: ("R4" | "R7")[]) => ({ userId, heldRoles });

  test("is resolved by its opener, or by an ML engineer with a reason", () => {
    expect(refusalToResolve(thread, person("ravi", "R4"), "")).toBeNull();
    expect(refusalToResolve(thread, person("ada", "R4"), "done")?.reason).toBe("not_yours");
    expect(refusalToResolve(thread, person("mia", "R7"), " ")?.reason).toBe("reason_needed");
    expect(refusalToResolve(thread, person("mia", "R7"), "It is noise.")).toBeNull();
    expect(refusalToResolve({ ...thread, isResolved: true }, person("ravi"), "")?.reason).toBe("already_resolved");
    expect(refusalToResolve({ ...thread, reviewState: "closed" }, person("ravi"), "")?.reason).toBe("closed");
  });

  test("comes back by anybody who may comment, while the review is open", () => {
    expect(refusalToReopen(thread)?.reason).toBe("not_resolved");
    expect(refusalToReopen({ ...thread, isResolved: true })).toBeNull();
    expect(refusalToReopen({ ...thread, isResolved: true, reviewState: "withdrawn" })?.reason).toBe("closed");
  });
});

test("a review is withdrawn by its opener, closed by the opener or an ML engineer", () => {
  const review = { state: "open" as const, openedBy: "ada" };
  expect(refusalToClose(review, { userId: "ada", heldRoles: ["R3"] }, "withdrawn")).toBeNull();
  expect(refusalToClose(review, { userId: "mia", heldRoles: ["R7"] }, "withdrawn")?.reason).toBe("not_yours");
  expect(refusalToClose(review, { userId: "mia", heldRoles: ["R7"] }, "closed")).toBeNull();
  expect(refusalToClose(review, { userId: "ravi", heldRoles: ["R4"] }, "closed")?.reason).toBe("not_yours");
  expect(refusalToClose({ ...review, state: "closed" }, { userId: "ada", heldRoles: [] }, "closed")?.code).toBe(
    "conflict",
  );
});
