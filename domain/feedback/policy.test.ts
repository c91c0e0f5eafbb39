import { describe, expect, test } from "vitest";
import { ROLES } from "../identity/roles";
import { ARROWS, answerRefusal, arrowOfCheck } from "./arrows";
import { findingBody, findingTitle } from "./finding-text";
import { type AnswerFacts, answeringRefusal, completingRefusal } from "./policy";
import { canMove, ITEM_STATES, isOverdue } from "./status";
import { FEEDBACK_KINDS } from "./types";

const facts: AnswerFacts = { kind: "F3", state: "open", roles: ["R3"], isPerson: true };

describe("who answers", () => {
  test.each([
    ["F1", ["R4"]],
    ["F2", ["R3"]],
    ["F3", ["R3"]],
    ["F4", ["R4"]],
    ["F5", []],
    ["F9", ["R1"]],
  ] as const)("%s: %o", (kind, roles) => {
    expect(ROLES.filter((role) => answerRefusal(kind, [role]) === null)).toEqual(roles);
  });
  test("whoever may answer is told of the item", () => {
    for (const kind of FEEDBACK_KINDS) {
      const told = ARROWS[kind].receivers;
      expect(told.some((role) => answerRefusal(kind, [role]) === null)).toBe(told.length > 0);
    }
  });
  test("a decline in quality goes to the data scientist, what came in to the data engineer", () => {
    expect([arrowOfCheck("quality"), arrowOfCheck("inputs")]).toEqual(["F3", "F4"]);
  });
});

describe("answering", () => {
  test("the right person may, once", () => {
    expect(answeringRefusal(facts)).toBeNull();
    expect(answeringRefusal({ ...facts, state: "accepted" })?.reason).toBe("not_open");
    expect(answeringRefusal({ ...facts, roles: ["R4"] })?.sentence).toBe("This needs the role data scientist.");
    expect(answeringRefusal({ ...facts, isPerson: false })?.reason).toBe("person_needed");
  });
  test("what is done was accepted before", () => {
    expect(completingRefusal({ ...facts, state: "accepted" })).toBeNull();
    expect(completingRefusal(facts)?.sentence).toBe("Accept the item first.");
    expect(completingRefusal({ ...facts, state: "declined" })?.reason).toBe("not_accepted");
  });
  test("nothing leaves an end state", () => {
    for (const to of ITEM_STATES) expect([canMove("declined", to), canMove("done", to)]).toEqual([false, false]);
  });
  test("only what waits is overdue", () => {
    const late = { dueAt: new Date(1_000) };
    expect(ITEM_STATES.filter((state) => isOverdue({ ...late, state }, new Date(1_001)))).toEqual(["open", "accepted"]);
    expect(isOverdue({ ...late, state: "open" }, new Date(1_000))).toBe(false);
  });
});

describe("words of a finding", () => {
  const finding = {
    metric: "accuracy",
    version: "seattle-rain v1",
    environment: "production",
    windowStart: new Date("2013-10-01T00:00:00Z"),
    value: 0.576,
    lower: 0.47,
    upper: 0.676,
    limit: 0.65,
    rows: 92,
    coverage: 1,
  };
  test("name the quarter, the value, its interval and the limit", () => {
    expect(findingTitle(finding)).toBe("Accuracy of seattle-rain v1 at 0.576 in 2013 Q4");
    expect(findingBody(finding)).toBe(
      "seattle-rain v1 serves in production. In 2013 Q4 its accuracy was 0.576 (95 % interval 0.470 to 0.676); the signed limit is 0.650. It was judged on 92 answers, of which the truth is known for 100.0 %.",
    );
  });
});
