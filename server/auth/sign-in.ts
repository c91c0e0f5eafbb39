import { and, eq, isNull, sql } from "drizzle-orm";
import { sessions, users } from "@/db/schema/identity";
import { AppError } from "@/domain/errors";
import type { Credentials } from "@/domain/identity/contracts";
import { writeAudit } from "../audit/write-audit";
import { systemActor } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { onlyOrganisation } from "../identity/administrators";
import { newId } from "../ids";
import { verifyPassword } from "./passwords";
import { SESSION_LIFETIME_MS } from "./session-cookie";
import { forgetAttempt, reserveAttempt } from "./throttle-sign-in";

/** Where an attempt comes from: the peer's address, and the browser's name for the list of sessions. */
export type Origin = { readonly address: string; readonly userAgent: string | null };
export type KnownPerson = { readonly userId: string; readonly organisationId: string; readonly name: string };

/**
 * The person with this e-mail address and password. A wrong password and an unknown address are told apart by
 * nothing, the time included; both slow down the next attempt. Throws `rate_limited` or `unauthenticated`.
 */
export async function verifyCredentials(ctx: ServiceContext, input: Credentials, origin: Origin): Promise<KnownPerson> {
  const waitMs = await reserveAttempt(ctx, input.email, origin.address);
  if (waitMs > 0) {
    const seconds = Math.ceil(waitMs / 1_000);
    throw new AppError("rate_limited", "too_many_attempts", `Too many attempts. Try again in ${seconds} s.`, {
      retryAfterSeconds: seconds,
    });
  }
  const [user] = await ctx.db
    .select()
    .from(users)
    .where(and(eq(sql`lower(${users.email})`, input.email.toLowerCase()), isNull(users.deactivatedAt)));
  if (!(await verifyPassword(user?.passwordHash ?? null, input.password)) || !user) {
    await recordRefusal(ctx, user, origin);
    throw new AppError("unauthenticated", "wrong_credentials", "E-mail address and password do not belong together.");
  }
  await forgetAttempt(ctx, input.email, origin.address);
  return { userId: user.id, organisationId: user.organisationId, name: user.name };
}

async function recordRefusal(
  ctx: ServiceContext,
  user: typeof users.$inferSelect | undefined,
  origin: Origin,
): Promise<void> {
  await writeAudit(ctx.db, {
    actor: systemActor("sign-in"),
    organisationId: user?.organisationId ?? (await onlyOrganisation(ctx)),
    projectId: null,
    action: "identity.sign_in_refused",
    entity: { kind: "user", id: user?.id ?? "unknown" },
    summary: `refused a sign-in as ${user?.name ?? "an unknown account"}`,
    details: { address: origin.address },
    requestId: ctx.requestId,
    at: ctx.clock(),
  });
}

/** Checks the credentials and opens a session; its id is all that the cookie carries. */
export async function signIn(
  ctx: ServiceContext,
  input: Credentials,
  origin: Origin,
): Promise<{ readonly sessionId: string; readonly person: KnownPerson }> {
  const person = await verifyCredentials(ctx, input, origin);
  const sessionId = newId();
  const now = ctx.clock();
  await ctx.db.transaction(async (tx) => {
    await tx.insert(sessions).values({
      id: sessionId,
      userId: person.userId,
      createdAt: now,
      expiresAt: new Date(now.getTime() + SESSION_LIFETIME_MS),
      userAgent: origin.userAgent?.slice(0, 300) ?? null,
    });
    await writeAudit(tx, {
      actor: { kind: "person", ...person, sessionId, token: null },
      organisationId: person.organisationId,
      projectId: null,
      action: "identity.signed_in",
      entity: { kind: "session", id: sessionId },
      summary: "signed in",
      details: { address: origin.address },
      requestId: ctx.requestId,
      at: now,
    });
  });
  return { sessionId, person };
}
