import { and, eq, isNull } from "drizzle-orm";
import type { Executor, Transaction } from "@/db/client";
import { organisations, users } from "@/db/schema/identity";
import type { ServiceContext } from "../context";

/**
 * Active administrators of the organisation. Locks the organisation first, so that two changes of standing
 * or two grants at once cannot both believe that they know how many there are.
 */
export async function lockAdministrators(tx: Transaction, organisationId: string): Promise<readonly string[]> {
  await tx
    .select({ id: organisations.id })
    .from(organisations)
    .where(eq(organisations.id, organisationId))
    .for("no key update");
  const rows = await tx
    .select({ id: users.id })
    .from(users)
    .where(and(eq(users.organisationId, organisationId), eq(users.standing, "ADM"), isNull(users.deactivatedAt)));
  return rows.map((row) => row.id);
}

/** An installation has one organisation; null before it is set up. */
export async function onlyOrganisation(ctx: Pick<ServiceContext, "db">): Promise<string | null> {
  const [row] = await ctx.db
    .select({ id: organisations.id })
    .from(organisations)
    .orderBy(organisations.createdAt)
    .limit(1);
  return row?.id ?? null;
}

/** Whether anybody was set up yet. */
export async function hasPeople(db: Executor): Promise<boolean> {
  const [row] = await db.select({ id: users.id }).from(users).limit(1);
  return row !== undefined;
}
