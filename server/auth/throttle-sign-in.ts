import { eq, inArray, sql } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { signInThrottles } from "@/db/schema/identity";
import {
  ACCOUNT_THROTTLE,
  ADDRESS_THROTTLE,
  afterAttempt,
  type ThrottleRule,
  waitingTime,
} from "@/domain/identity/throttle";
import { sha256 } from "../blobs/digest";
import type { ServiceContext } from "../context";

type Keys = { readonly account: string; readonly address: string };

/** The account's key is a digest: the table never holds what somebody typed into the e-mail field. */
function keysOf(email: string, address: string): Keys {
  return { account: `account:${sha256(email.toLowerCase())}`, address: `address:${address}` };
}

/**
 * Counts an attempt before its password is looked at, so that many at once cannot slip past the count.
 * Returns how long to wait where it comes too early (then nothing is counted), else 0.
 */
export async function reserveAttempt(ctx: ServiceContext, email: string, address: string): Promise<number> {
  const keys = keysOf(email, address);
  const now = ctx.clock();
  return ctx.db.transaction(async (tx) => {
    const names = [keys.account, keys.address];
    const fresh = names.map((key) => ({ key, failures: 0, blockedUntil: new Date(0), updatedAt: now }));
    await tx.insert(signInThrottles).values(fresh).onConflictDoNothing();
    const rows = await tx
      .select()
      .from(signInThrottles)
      .where(inArray(signInThrottles.key, names))
      .orderBy(signInThrottles.key)
      .for("no key update");
    const waitMs = Math.max(...rows.map((row) => waitingTime(row, now)));
    if (waitMs > 0) return waitMs;
    for (const row of rows) {
      await count(tx, row, row.key === keys.account ? ACCOUNT_THROTTLE : ADDRESS_THROTTLE, now);
    }
    return 0;
  });
}

async function count(
  tx: Transaction,
  row: typeof signInThrottles.$inferSelect,
  rule: ThrottleRule,
  now: Date,
): Promise<void> {
  await tx
    .update(signInThrottles)
    .set(afterAttempt(row, rule, now))
    .where(eq(signInThrottles.key, row.key));
}

/** The attempt succeeded: the account starts anew, the address gets back the one that was counted. */
export async function forgetAttempt(ctx: ServiceContext, email: string, address: string): Promise<void> {
  const keys = keysOf(email, address);
  await ctx.db.delete(signInThrottles).where(eq(signInThrottles.key, keys.account));
  await ctx.db
    .update(signInThrottles)
    .set({ failures: sql`greatest(0, ${signInThrottles.failures} - 1)`, blockedUntil: new Date(0) })
    .where(eq(signInThrottles.key, keys.address));
}
