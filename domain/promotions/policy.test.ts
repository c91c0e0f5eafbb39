import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { barredPeople, shownContributors } from "./barred";
import {
  defaultRequiredRoles,
  type ExecutionFacts,
  executionChange,
  nextAct,
  type PromotionFacts,
  type ProposalFacts,
  proposalRefusal,
  remindersOf,
  requiredRolesProblem,
} from "./policy";
import { canMove, isPromotionOpen, PROMOTION_STATES } from "./status";

describe("required roles", () => {
  test("by environment and risk", () => {
    expect(defaultRequiredRoles("staging", "high")).toEqual(["R7"]);
    expect(defaultRequiredRoles("production", "low")).toEqual(["R7"]);
    expect(defaultRequiredRoles("production", "medium")).toEqual(["R7", "R1"]);
  });
  test("a policy may ask for more, never for less, and only for roles that sign", () => {
    expect(requiredRolesProblem(["R7", "R1"], "staging", "low")).toBeNull();
    expect(requiredRolesProblem(["R7"], "production", "medium")).toMatch(/business stakeholder/);
    expect(requiredRolesProblem(["R7", "R5"], "staging", "low")).toMatch(/not by the software engineer/);
  });
});

describe("proposing", () => {
  const facts: ProposalFacts = {
    environment: "production",
    roles: ["R3"],
    origin: "production",
    hasOnnx: true,
    hasPolicy: true,
    openPromotion: null,
    isServing: false,
    order: { requires: "staging", isServing: true },
    name: "seattle-rain v1",
  };
  const reason = (change: Partial<ProposalFacts>) => proposalRefusal({ ...facts, ...change })?.reason ?? null;
  test("a data scientist may", () => expect(reason({})).toBeNull());
  test("a software engineer proposes for staging only", () => {
    expect(reason({ roles: ["R5"] })).toBe("role_needed");
    expect(reason({ roles: ["R5"], environment: "staging", order: null })).toBeNull();
  });
  test.each([
    [{ needsPerson: true }, "person_needed"],
    [{ origin: "development" }, "not_from_production"],
    [{ origin: "outside" }, "not_from_production"],
    [{ hasOnnx: false }, "no_onnx"],
    [{ hasPolicy: false }, "no_policy"],
    [{ openPromotion: 12 }, "open_promotion"],
    [{ isServing: true }, "already_serving"],
    [{ order: { requires: "staging", isServing: false } }, "order"],
  ] as const)("%o is refused as %s", (change, expected) => expect(reason(change)).toBe(expected));
});

describe("barred people", () => {
  const run = { number: 184, startedBy: "ada", pushedBy: "mia" };
  const contributors = { proposedBy: "ada", run, registeredBy: null, versionName: "v7" };
  test("each once with all reasons", () => {
    expect(barredPeople(contributors, "medium")).toEqual([
      { userId: "ada", reason: "proposed this promotion and started run #184, which trained this version" },
    ]);
  });
  test("who pushed the code is shown, and barred at high risk", () => {
    expect(shownContributors(contributors, "medium")).toEqual([
      { userId: "mia", reason: "pushed the code that was run" },
    ]);
    expect(barredPeople(contributors, "high").map(({ userId }) => userId)).toEqual(["ada", "mia"]);
    expect(shownContributors(contributors, "high")).toEqual([]);
  });
  test("who accepted the finding that led to the run may not approve what came of it", () => {
    const accepted = { ...contributors, run: { ...run, startedBy: null }, findingAcceptedBy: "ben" };
    expect(barredPeople(accepted, "low")).toContainEqual({
      userId: "ben",
      reason: "accepted the finding that led to it",
    });
  });
  test("a policy that started the run is nobody", () => {
    expect(barredPeople({ ...contributors, run: { ...run, startedBy: null } }, "low")).toEqual([
      { userId: "ada", reason: "proposed this promotion" },
    ]);
  });
});

describe("at execution", () => {
  const now = new Date("2026-01-05T00:00:00Z");
  const facts: ExecutionFacts = {
    now,
    deadlineAt: new Date("2026-01-08T00:00:00Z"),
    isEvidenceCurrent: true,
    isPolicyCurrent: true,
    isBaselineCurrent: true,
    isOrderKept: true,
    signersWithoutRole: [],
  };
  test("nothing changed: deploy", () => expect(executionChange(facts)).toBeNull());
  test.each([
    [{ deadlineAt: now }, "expire"],
    [{ isPolicyCurrent: false }, "evaluate"],
    [{ isBaselineCurrent: false }, "evaluate"],
    [{ isOrderKept: false }, "evaluate"],
    [{ isEvidenceCurrent: false }, "evaluate"],
    [{ signersWithoutRole: ["Mia"] }, "sign"],
  ] as const)("%o leads to %s", (change, then) => expect(executionChange({ ...facts, ...change })?.next).toBe(then));
});

describe("what follows", () => {
  const createdAt = new Date("2026-01-01T00:00:00Z");
  const deadlineAt = new Date("2026-01-08T00:00:00Z");
  const facts: PromotionFacts = {
    state: "waiting",
    approvalState: "open",
    createdAt,
    deadlineAt,
    remindedAt: null,
    isEnvironmentBusy: false,
    now: createdAt,
  };
  const day = (number: number) => new Date(createdAt.getTime() + number * 86_400_000);

  test("reminders after two and six of seven days", () =>
    expect(remindersOf(createdAt, deadlineAt)).toEqual([day(2), day(6)]));
  test("waits for the first reminder, reminds, waits for the second, then for the deadline", () => {
    expect(nextAct(facts)).toEqual({ act: "wait", until: day(2) });
    expect(nextAct({ ...facts, now: day(2) })).toEqual({ act: "remind" });
    expect(nextAct({ ...facts, now: day(2), remindedAt: day(2) })).toEqual({ act: "wait", until: day(6) });
    expect(nextAct({ ...facts, now: day(6.5), remindedAt: day(6) })).toEqual({ act: "wait", until: day(7) });
    expect(nextAct({ ...facts, now: day(7), remindedAt: day(6) })).toEqual({ act: "expire" });
  });
  test("evaluates first, deploys without a click, delivers what was begun", () => {
    expect(nextAct({ ...facts, state: "evaluating", approvalState: "preparing" })).toEqual({ act: "evaluate" });
    expect(nextAct({ ...facts, approvalState: "approved" })).toEqual({ act: "deploy" });
    expect(nextAct({ ...facts, approvalState: "approved", isEnvironmentBusy: true }).act).toBe("wait");
    expect(nextAct({ ...facts, state: "deploying", approvalState: "approved", now: day(9) })).toEqual({
      act: "deliver",
    });
  });
  test("is done exactly where the promotion is closed", () => {
    fc.assert(
      fc.property(fc.constantFrom(...PROMOTION_STATES), fc.integer({ min: 0, max: 10 }), (state, days) => {
        expect(nextAct({ ...facts, state, now: day(days) }).act === "done").toBe(!isPromotionOpen(state));
      }),
    );
  });
});

test("a closed promotion stays as it is", () => {
  for (const from of PROMOTION_STATES.filter((state) => !isPromotionOpen(state))) {
    expect(PROMOTION_STATES.filter((to) => canMove(from, to))).toEqual([]);
  }
});
