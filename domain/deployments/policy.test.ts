import { expect, test } from "vitest";
import { greatestDifference, rollbackRefusal } from "./policy";

const target = { state: "replaced", wasActive: true, modelVersionId: "v5" } as const;

test("a rollback goes only to what served before, and not while another deployment is on its way", () => {
  expect(rollbackRefusal({ target, activeVersionId: "v7", hasPending: false })).toBeNull();
  expect(rollbackRefusal({ target: null, activeVersionId: "v7", hasPending: false })?.reason).toBe("never_deployed");
  expect(
    rollbackRefusal({
      target: { ...target, state: "failed", wasActive: false },
      activeVersionId: "v7",
      hasPending: false,
    })?.reason,
  ).toBe("never_deployed");
  expect(rollbackRefusal({ target, activeVersionId: "v5", hasPending: false })?.reason).toBe("already_serving");
  expect(rollbackRefusal({ target, activeVersionId: "v7", hasPending: true })?.reason).toBe("busy");
});

test("the greatest difference is over all outputs, and infinite where one is missing or not a number", () => {
  expect(greatestDifference({ p: [0.2, 0.8] }, { p: [0.2, 0.800001] })).toBeCloseTo(1e-6, 9);
  expect(greatestDifference({ label: [1] }, { label: [1], extra: [3] })).toBe(0);
  expect(greatestDifference({ p: [0.2] }, {})).toBe(Number.POSITIVE_INFINITY);
  expect(greatestDifference({ p: [0.2] }, { p: [0.2, 0.8] })).toBe(Number.POSITIVE_INFINITY);
  expect(greatestDifference({ p: [0.2] }, { p: [Number.NaN] })).toBe(Number.POSITIVE_INFINITY);
});
