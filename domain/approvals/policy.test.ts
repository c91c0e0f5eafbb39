import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Role } from "../identity/roles";
import {
  type ApprovalRules,
  currentSignOffs,
  missingRoles,
  outcomeOf,
  refusalFor,
  type SigningAttempt,
} from "./policy";
import { statementOf } from "./statement";
import type { SignOff } from "./types";

const rules: ApprovalRules = {
  state: "open",
  evidenceDigest: "e1",
  policyVersion: "production v1",
  requiredRoles: ["R7", "R1"],
  openRules: [],
  blockingRules: [],
  barred: [{ userId: "ada", reason: "proposed this promotion" }],
  openedBy: "ada",
};
const attempt: SigningAttempt = {
  userId: "mia",
  isPerson: true,
  heldRoles: ["R7"],
  asRole: "R7",
  decision: "approved",
  comment: "",
  acceptedRules: [],
  evidenceDigest: "e1",
  policyVersion: "production v1",
};
const signed = (userId: string, asRole: Role, more: Partial<SignOff> = {}): SignOff => ({
  userId,
  asRole,
  decision: "approved",
  acceptedRules: [],
  evidenceDigest: "e1",
  policyVersion: "production v1",
  isOutdated: false,
  ...more,
});
const reason = (
  change: Partial<SigningAttempt>,
  changedRules: Partial<ApprovalRules> = {},
  signOffs: readonly SignOff[] = [],
) => refusalFor({ ...rules, ...changedRules }, signOffs, { ...attempt, ...change })?.reason ?? null;

describe("who may sign", () => {
  test("a person with the required role may", () => expect(reason({})).toBeNull());
  test("a service account may not", () => expect(reason({ isPerson: false })).toBe("person_needed"));
  test("nobody may once it is decided", () => expect(reason({}, { state: "approved" })).toBe("closed"));
  test("nobody may before the evidence is there", () =>
    expect(reason({}, { state: "preparing", evidenceDigest: null })).toBe("not_ready"));
  test("another evidence than the current one", () =>
    expect(reason({ evidenceDigest: "e0" })).toBe("evidence_outdated"));
  test("another policy than the current one", () =>
    expect(reason({ policyVersion: "production v0" })).toBe("evidence_outdated"));
  test("a role that is not asked for", () =>
    expect(reason({ asRole: "R3", heldRoles: ["R3"] })).toBe("role_not_required"));
  test("a role that the person does not hold", () => expect(reason({ asRole: "R1" })).toBe("role_not_held"));
  test("a barred person, with the reason as a sentence", () => {
    const refusal = refusalFor(rules, [], { ...attempt, userId: "ada" });
    expect(refusal).toMatchObject({ reason: "barred", sentence: "You may not sign: you proposed this promotion." });
  });
  test("twice", () => expect(reason({}, {}, [signed("mia", "R7")])).toBe("already_signed"));
  test("for a second role", () =>
    expect(reason({ asRole: "R1", heldRoles: ["R1", "R7"] }, {}, [signed("mia", "R7")])).toBe("second_role"));
  test("where a colleague signed for the role", () =>
    expect(reason({}, {}, [signed("max", "R7")])).toBe("role_covered"));
  test("an outdated signature does not stand in the way", () =>
    expect(reason({}, {}, [signed("mia", "R7", { isOutdated: true, evidenceDigest: "e0" })])).toBeNull());
  test("one over the same evidence that became outdated does not come back", () =>
    expect(reason({}, {}, [signed("mia", "R7", { isOutdated: true })])).toBe("already_signed"));
});

describe("verdicts", () => {
  test("fail and error cannot be signed away", () =>
    expect(reason({ comment: "fine" }, { blockingRules: ["accuracy"] })).toBe("blocked_by_rules"));
  test("an inconclusive rule must be named", () =>
    expect(reason({}, { openRules: ["better"] })).toBe("rules_not_accepted"));
  test("with a comment", () =>
    expect(reason({ acceptedRules: ["better"] }, { openRules: ["better"] })).toBe("comment_needed"));
  test("then it counts", () =>
    expect(reason({ acceptedRules: ["better"], comment: "92 days are few" }, { openRules: ["better"] })).toBeNull());
  test("the stakeholder does not judge it", () => {
    const change = { userId: "sam", asRole: "R1", heldRoles: ["R1"], acceptedRules: ["better"] } as const;
    expect(reason(change, { openRules: ["better"] })).toBe("not_yours_to_accept");
  });
  test("it stays closed until the ML engineer has named it", () => {
    const open = { ...rules, openRules: ["better"] };
    expect(outcomeOf(open, [signed("mia", "R7"), signed("sam", "R1")])).toBe("pending");
    expect(outcomeOf(open, [signed("mia", "R7", { acceptedRules: ["better"] }), signed("sam", "R1")])).toBe("approved");
    expect(outcomeOf(open, [signed("mia", "R7"), signed("sam", "R1", { acceptedRules: ["better"] })])).toBe("pending");
  });
});

describe("returning", () => {
  const back = { decision: "returned", comment: "The hold-out is too small." } as const;
  test("any role that the person holds, with reasons", () =>
    expect(reason({ ...back, asRole: "R5", heldRoles: ["R5"] })).toBeNull());
  test("not without reasons", () => expect(reason({ ...back, comment: " " })).toBe("comment_needed"));
  test("not one's own", () => expect(reason({ ...back, userId: "ada" })).toBe("own_request"));
  test("also where a rule blocks", () => expect(reason(back, { blockingRules: ["accuracy"] })).toBeNull());
  test("closes it", () =>
    expect(outcomeOf(rules, [signed("mia", "R7"), signed("tom", "R5", { decision: "returned" })])).toBe("returned"));
});

const people = fc.constantFrom("ada", "mia", "sam", "tom");
const anySignOff = fc.record({
  userId: people,
  asRole: fc.constantFrom<Role>("R1", "R3", "R7"),
  decision: fc.constantFrom("approved" as const, "approved" as const, "returned" as const),
  acceptedRules: fc.constantFrom<readonly string[]>([], ["better"]),
  evidenceDigest: fc.constantFrom("e1", "e0"),
  policyVersion: fc.constant("production v1"),
  isOutdated: fc.boolean(),
});

describe("for any signatures", () => {
  test("approved means: no block, every role covered, by different people, over the current evidence", () => {
    fc.assert(
      fc.property(
        fc.array(anySignOff, { maxLength: 6 }),
        fc.constantFrom<readonly string[]>([], ["better"]),
        (signOffs, openRules) => {
          const given = { ...rules, openRules };
          if (outcomeOf(given, signOffs) !== "approved") return;
          const current = currentSignOffs(given, signOffs);
          expect(missingRoles(given, signOffs)).toEqual([]);
          expect(current.every((signOff) => signOff.decision === "approved" && !signOff.isOutdated)).toBe(true);
          expect(new Set(current.map((signOff) => signOff.userId)).size).toBeGreaterThanOrEqual(2);
          expect(outcomeOf({ ...given, blockingRules: ["accuracy"] }, signOffs)).toBe("pending");
          expect(outcomeOf({ ...given, evidenceDigest: "e2" }, signOffs)).toBe("pending");
        },
      ),
    );
  });

  test("a signature that was let through never makes one person count twice", () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ userId: people, asRole: fc.constantFrom<Role>("R1", "R7") }), { maxLength: 8 }),
        (tries) => {
          const signOffs: SignOff[] = [];
          for (const { userId, asRole } of tries) {
            const state = outcomeOf(rules, signOffs) === "pending" ? "open" : "approved";
            if (!refusalFor({ ...rules, state }, signOffs, { ...attempt, userId, asRole, heldRoles: ["R1", "R7"] }))
              signOffs.push(signed(userId, asRole));
          }
          expect(new Set(signOffs.map((signOff) => signOff.userId)).size).toBe(signOffs.length);
          expect(new Set(signOffs.map((signOff) => signOff.asRole)).size).toBe(signOffs.length);
          expect(signOffs.some((signOff) => signOff.userId === "ada")).toBe(false);
        },
      ),
    );
  });
});

test("a statement holds what decisions ask for, and nothing that changes between two readings", () => {
  const statement = statementOf({
    subject: { kind: "promotion", id: "p", digest: "m" },
    policyVersion: "production v1",
    evidenceDigest: "e1",
    target: "production",
    decision: "approved",
    meaning: "The value is worth the remaining risk.",
    comment: " yes ",
    acceptedRules: ["b", "a"],
    asRole: "R1",
    signer: { id: "sam", name: "Sam" },
    at: new Date("2026-01-01T00:00:00Z"),
  });
  expect(statement).toMatchObject({ comment: "yes", acceptedRules: ["a", "b"], signedAt: "2026-01-01T00:00:00.000Z" });
  expect(Object.keys(statement).sort()).toEqual(
    [
      "acceptedRules",
      "asRole",
      "comment",
      "decision",
      "evidenceDigest",
      "meaning",
      "policyVersion",
      "signedAt",
      "signer",
      "subject",
      "target",
    ].sort(),
  );
});
