import { and, eq, isNull } from "drizzle-orm";
import type { Executor, Transaction } from "@/db/client";
import { organisations, users } from "@/db/schema/identity";
import { AppError } from "@/domain/errors";
import { LAST_ADMINISTRATOR, leavesNoAdministrator } from "@/domain/identity/grants";
import { ROLE_NAMES, type Role } from "@/domain/identity/roles";
import { writeAudit } from "../audit/write-audit";
import type { PersonActor } from "../authz/actor";
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

type NewStanding = {
  readonly by: PersonActor;
  readonly subject: { readonly id: string; readonly name: string };
  readonly standing: Role | "member";
  /** From `lockAdministrators`, in this transaction. */
  readonly administrators: readonly string[];
};

/**
 * Where the new standing would leave no administrator: writes the refusal's audit row, which the caller commits alone,
 * and returns the error to throw afterwards.
 */
export async function lastAdministratorRefusal(
  ctx: ServiceContext,
  tx: Transaction,
  { by, subject, standing, administrators }: NewStanding,
): Promise<AppError | null> {
  if (!leavesNoAdministrator(administrators, subject.id, standing)) return null;
  const wanted = standing === "member" ? "a plain member" : `the ${ROLE_NAMES[standing]}`;
  await writeAudit(tx, {
    actor: by,
    organisationId: by.organisationId,
    projectId: null,
    action: "identity.standing_refused",
    entity: { kind: "user", id: subject.id },
    summary: `was refused to make ${subject.name}, the last administrator, ${wanted}`,
    details: { standing, reason: "last_administrator" },
    requestId: ctx.requestId,
    at: ctx.clock(),
  });
  return new AppError("precondition_failed", "last_administrator", LAST_ADMINISTRATOR);
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
