import fc from "fast-check";
import { expect, test } from "vitest";
import {
  ACCOUNT_THROTTLE,
  ADDRESS_THROTTLE,
  afterAttempt,
  delayAfter,
  THROTTLE_MEMORY_MS,
  type Throttle,
  waitingTime,
} from "./throttle";

const now = new Date("2026-01-01T00:00:00Z");

test("the first wrong passwords cost nothing, then the delay doubles up to its longest", () => {
  expect([1, 4, 5, 6, 7, 8, 9, 10, 50].map((n) => delayAfter(n, ACCOUNT_THROTTLE))).toEqual([
    0, 0, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000,
  ]);
});

test("the delay never shrinks with more failures and is never longer than its longest", () => {
  fc.assert(
    fc.property(fc.nat(10_000), fc.constantFrom(ACCOUNT_THROTTLE, ADDRESS_THROTTLE), (failures, rule) => {
      const delay = delayAfter(failures, rule);
      expect(delay).toBeLessThanOrEqual(delayAfter(failures + 1, rule));
      expect(delay).toBeLessThanOrEqual(rule.longestDelayMs);
    }),
  );
});

test("counting begins anew after a quiet quarter of an hour", () => {
  const old: Throttle = { failures: 9, blockedUntil: now, updatedAt: new Date(now.getTime() - THROTTLE_MEMORY_MS - 1) };
  expect(afterAttempt(old, ACCOUNT_THROTTLE, now).failures).toBe(1);
  expect(afterAttempt({ ...old, updatedAt: now }, ACCOUNT_THROTTLE, now)).toMatchObject({ failures: 10 });
});

test("waiting ends when the time has come", () => {
  const throttle = afterAttempt({ failures: 4, blockedUntil: now, updatedAt: now }, ACCOUNT_THROTTLE, now);
  expect(waitingTime(throttle, now)).toBe(1_000);
  expect(waitingTime(throttle, new Date(now.getTime() + 1_000))).toBe(0);
  expect(waitingTime(null, now)).toBe(0);
});

test("one who asked a moment before another attempt was counted is not blocked while attempts are free", () => {
  const counted = afterAttempt(null, ADDRESS_THROTTLE, now);
  expect(waitingTime(counted, new Date(now.getTime() - 200))).toBe(0);
});
