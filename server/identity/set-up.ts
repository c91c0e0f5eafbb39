import { sql } from "drizzle-orm";
import { organisations, users } from "@/db/schema/identity";
import { AppError } from "@/domain/errors";
import type { SetUp } from "@/domain/identity/contracts";
import { writeAudit } from "../audit/write-audit";
import { hashPassword } from "../auth/passwords";
import type { ServiceContext } from "../context";
import { newId } from "../ids";
import { hasPeople } from "./administrators";
import { SETUP_LOCK } from "./create-setup-link";
import { assertOpenLink, takeLink } from "./one-time-links";

/** Makes the organisation and its first administrator, with the one-time set-up secret. Works once. */
export async function setUp(
  ctx: ServiceContext,
  input: SetUp,
): Promise<{ readonly organisationId: string; readonly userId: string }> {
  await assertOpenLink(ctx, "setup", input.secret);
  const passwordHash = await hashPassword(input.password);
  return ctx.db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(${SETUP_LOCK})`);
    await takeLink(ctx, tx, "setup", input.secret);
    if (await hasPeople(tx))
      throw new AppError("precondition_failed", "set_up_already", "Countersign is set up already. Sign in.");
    const [organisationId, userId] = [newId(), newId()];
    await tx.insert(organisations).values({ id: organisationId, name: input.organisation });
    await tx.insert(users).values({
      id: userId,
      organisationId,
      name: input.name,
      email: input.email.toLowerCase(),
      passwordHash,
      standing: "ADM",
    });
    await writeAudit(tx, {
      actor: { kind: "person", userId, organisationId, name: input.name, sessionId: null, token: null },
      organisationId,
      projectId: null,
      action: "identity.set_up",
      entity: { kind: "organisation", id: organisationId },
      summary: `set up the organisation ${input.organisation} as its first administrator`,
      requestId: ctx.requestId,
      at: ctx.clock(),
    });
    return { organisationId, userId };
  });
}
