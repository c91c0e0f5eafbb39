import { and, eq, isNull, sql } from "drizzle-orm";
import { oneTimeLinks } from "@/db/schema/identity";
import type { ServiceContext } from "../context";
import { hasPeople } from "./administrators";
import { createLink, type NewLink } from "./one-time-links";

/** Number of the advisory lock that serialises set-up: there is no row yet that could be locked. */
export const SETUP_LOCK = 7_130_501;

/** The one-time link for the first administrator; null once anybody exists. A new one makes the earlier ones void. */
export async function createSetupLink(ctx: ServiceContext): Promise<NewLink | null> {
  return ctx.db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(${SETUP_LOCK})`);
    if (await hasPeople(tx)) return null;
    await tx
      .update(oneTimeLinks)
      .set({ usedAt: ctx.clock() })
      .where(and(eq(oneTimeLinks.kind, "setup"), isNull(oneTimeLinks.usedAt)));
    return createLink(ctx, tx, "setup");
  });
}
