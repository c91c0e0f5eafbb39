/** What is remembered of failed sign-ins under one key (an account, or an address). */
export type Throttle = { readonly failures: number; readonly blockedUntil: Date; readonly updatedAt: Date };
export type ThrottleRule = { readonly freeFailures: number; readonly longestDelayMs: number };

/** An account waits at most half a minute: it is slowed down, never locked. */
export const ACCOUNT_THROTTLE: ThrottleRule = { freeFailures: 4, longestDelayMs: 30_000 };
/** Many people may share an address, so it is slowed down later, and for longer. */
export const ADDRESS_THROTTLE: ThrottleRule = { freeFailures: 30, longestDelayMs: 120_000 };
/** After this long without a failure, counting begins anew. */
export const THROTTLE_MEMORY_MS = 15 * 60_000;

const FIRST_DELAY_MS = 1_000;

/** Delay after so many failures in a row: none while free, then 1, 2, 4 … seconds up to the longest. */
export function delayAfter(failures: number, rule: ThrottleRule): number {
  const beyond = failures - rule.freeFailures;
  if (beyond <= 0) return 0;
  return Math.min(rule.longestDelayMs, FIRST_DELAY_MS * 2 ** Math.min(beyond - 1, 30));
}

/** Milliseconds until the next attempt is looked at; 0 where it may come now. */
export function waitingTime(throttle: Throttle | null, now: Date): number {
  return throttle ? Math.max(0, throttle.blockedUntil.getTime() - now.getTime()) : 0;
}

/** The record after one more attempt, which counts as failed until it has succeeded. */
export function afterAttempt(throttle: Throttle | null, rule: ThrottleRule, now: Date): Throttle {
  const isForgotten = throttle === null || now.getTime() - throttle.updatedAt.getTime() > THROTTLE_MEMORY_MS;
  const failures = isForgotten ? 1 : throttle.failures + 1;
  const delayMs = delayAfter(failures, rule);
  // Without a delay nothing is blocked, not even one who asked a moment earlier and got the row's lock later.
  return { failures, blockedUntil: new Date(delayMs > 0 ? now.getTime() + delayMs : 0), updatedAt: now };
}
