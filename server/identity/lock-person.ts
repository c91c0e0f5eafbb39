import { and, eq } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { users } from "@/db/schema/identity";
import { AppError } from "@/domain/errors";

export type PersonRow = typeof users.$inferSelect & { readonly email: string };

/** An active person of the organisation, locked. A stranger's id and a deactivated one's are both not found. */
export async function lockPerson(tx: Transaction, organisationId: string, userId: string): Promise<PersonRow> {
  const [row] = await tx
    .select()
    .from(users)
    .where(and(eq(users.id, userId), eq(users.organisationId, organisationId), eq(users.kind, "person")))
    .for("no key update");
  if (!row || row.email === null || row.deactivatedAt)
    throw new AppError("not_found", "person", "There is no such person.");
  return { ...row, email: row.email };
}
