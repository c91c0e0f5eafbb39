import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PROCESS_ROLES, type Role } from "../identity/roles";
import { outcomeOf, standingOf } from "./outcome";
import { REVIEW_DECISIONS } from "./status";
import type { ReviewFacts, StandingVerdict } from "./types";

const facts = (part: Partial<ReviewFacts> = {}): ReviewFacts => ({
  id: "r",
  number: 12,
  evidenceDigest: "a",
  isReady: true,
  verdicts: [],
  unresolvedThreads: 0,
  ...part,
});
const verdict = (role: Role, part: Partial<StandingVerdict> = {}): StandingVerdict => ({
  userId: role,
  name: role === "R4" ? "Ravi" : "Tomás",
  role,
  decision: "approved",
  isOutdated: false,
  ...part,
});
const required = ["R4", "R5"] as const;

describe("what a review still lacks", () => {
  test("says exactly what is missing", () => {
    const sentence = (known: ReviewFacts | null) => outcomeOf(required, known).sentence;
    expect(sentence(null)).toBe("No review is open for this version.");
    expect(sentence(facts({ evidenceDigest: null }))).toBe("The evidence of R-12 is being computed.");
    expect(sentence(facts({ isReady: false, verdicts: [verdict("R4"), verdict("R5")] }))).toBe(
      "The evidence of R-12 is being computed.",
    );
    expect(sentence(facts())).toBe("The data engineer and software engineer have not given a verdict.");
    expect(
      sentence(
        facts({
          verdicts: [verdict("R4", { decision: "changes_requested" }), verdict("R5")],
          unresolvedThreads: 1,
        }),
      ),
    ).toBe("Ravi asks for changes. 1 thread is not resolved.");
    expect(sentence(facts({ verdicts: [verdict("R4", { isOutdated: true }), verdict("R5")] }))).toBe(
      "The evidence changed after the verdict of the data engineer, who has to look again.",
    );
    expect(sentence(facts({ verdicts: [verdict("R4"), verdict("R5")], unresolvedThreads: 2 }))).toBe(
      "2 threads are not resolved.",
    );
    expect(sentence(facts({ verdicts: [verdict("R4"), verdict("R5")] }))).toBe(
      "R-12 is approved by the data engineer and software engineer; every thread is resolved.",
    );
  });

  test("a change that anybody asks for stands, whatever roles are required", () => {
    const known = facts({
      verdicts: [verdict("R4"), verdict("R5"), verdict("R1", { name: "Sam", decision: "changes_requested" })],
    });
    expect(outcomeOf(required, known)).toEqual({ isApproved: false, sentence: "Sam asks for changes." });
  });
});

test("a request for changes stands over newer evidence until its author looks again", () => {
  const asked = verdict("R1", { name: "Sam", decision: "changes_requested", isOutdated: true });
  const known = facts({ verdicts: [verdict("R4"), verdict("R5"), asked] });
  expect(outcomeOf(required, known)).toEqual({ isApproved: false, sentence: "Sam asks for changes." });
  expect(standingOf("open", required, known)).toBe("changes_requested");
});

const anyFacts = fc.record({
  evidenceDigest: fc.constantFrom("a", null),
  isReady: fc.boolean(),
  unresolvedThreads: fc.nat(2),
  verdicts: fc.array(
    fc.record({
      userId: fc.constantFrom("u1", "u2"),
      name: fc.constantFrom("Ravi", "Sam"),
      role: fc.constantFrom(...PROCESS_ROLES),
      decision: fc.constantFrom(...REVIEW_DECISIONS),
      isOutdated: fc.boolean(),
    }),
    { maxLength: 6 },
  ),
});

test("it passes exactly when each role approved now, nobody asks for changes and no thread waits", () => {
  fc.assert(
    fc.property(anyFacts, fc.subarray([...PROCESS_ROLES], { minLength: 1, maxLength: 3 }), (part, roles) => {
      const known = facts(part);
      const now = known.verdicts.filter(({ isOutdated }) => !isOutdated);
      const expected =
        known.evidenceDigest !== null &&
        known.isReady &&
        known.unresolvedThreads === 0 &&
        known.verdicts.every(({ decision }) => decision === "approved") &&
        roles.every((role) => now.some((each) => each.role === role));
      expect(outcomeOf(roles, known).isApproved).toBe(expected);
      expect(standingOf("open", roles, known) === "approved").toBe(expected);
    }),
  );
});

test("while it passes, another approval changes nothing in what is signed", () => {
  const passed = facts({ verdicts: [verdict("R4"), verdict("R5")] });
  const more = facts({ verdicts: [...passed.verdicts, verdict("R7", { name: "Mia" })] });
  expect(outcomeOf(required, more)).toEqual(outcomeOf(required, passed));
});

test("a closed review is said to be closed, and one approval is enough where no policy asks", () => {
  expect(standingOf("withdrawn", required, facts())).toBe("withdrawn");
  expect(standingOf("open", [], facts())).toBe("waiting");
  expect(standingOf("open", [], facts({ verdicts: [verdict("R4")] }))).toBe("approved");
  expect(standingOf("open", required, facts({ evidenceDigest: null }))).toBe("preparing");
  expect(standingOf("open", required, facts({ isReady: false, verdicts: [verdict("R4"), verdict("R5")] }))).toBe(
    "preparing",
  );
});
