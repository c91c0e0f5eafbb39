import { and, eq, gt, isNull, lt, or, sql } from "drizzle-orm";
import { runTokens, sessions, tokens, users } from "@/db/schema/identity";
import { AppError } from "@/domain/errors";
import type { Actor } from "../authz/actor";
import { sha256 } from "../blobs/digest";
import type { ServiceContext } from "../context";
import { assertNotForeign, assertSameOrigin, sessionIdFrom } from "./session-cookie";

/** A run token lives while its attempt's lease is younger than this. */
export const RUN_TOKEN_LEASE_MS = 15_000;

/** Who sends a request: by bearer or basic token, else by session cookie; null where there is neither. A wrong token is refused. */
export async function authenticate(ctx: ServiceContext, request: Request): Promise<Actor | null> {
  const secret = tokenFrom(request.headers.get("authorization"));
  if (secret !== null) {
    const actor = await actorByToken(ctx, secret);
    if (!actor) throw new AppError("unauthenticated", "token", "The token is unknown, expired or revoked.");
    return actor;
  }
  const sessionId = await sessionIdFrom(ctx, request);
  if (!sessionId) {
    assertNotForeign(ctx, request);
    return null;
  }
  assertSameOrigin(ctx, request);
  return actorBySession(ctx, sessionId);
}

/** The secret of `Bearer …`, or the password of `Basic …` (what MLflow clients send); null without a header. */
function tokenFrom(header: string | null): string | null {
  if (!header) return null;
  const [scheme = "", value = ""] = header.split(" ", 2);
  if (/^bearer$/i.test(scheme)) return value;
  if (!/^basic$/i.test(scheme))
    throw new AppError("unauthenticated", "scheme", "Send the token as Bearer, or as the password of Basic.");
  const text = Buffer.from(value, "base64").toString("utf8");
  return text.slice(text.indexOf(":") + 1);
}

export async function actorByToken(ctx: ServiceContext, secret: string): Promise<Actor | null> {
  const digest = sha256(secret);
  const now = ctx.clock();
  const [row] = await ctx.db
    .select({ token: tokens, user: users })
    .from(tokens)
    .innerJoin(users, eq(users.id, tokens.userId))
    .where(
      and(
        eq(tokens.sha256, digest),
        isNull(tokens.revokedAt),
        isNull(users.deactivatedAt),
        or(isNull(tokens.expiresAt), gt(tokens.expiresAt, now)),
      ),
    );
  if (!row) return actorByRunToken(ctx, digest, now);
  await noteUse(ctx, row.token, now);
  const token = { tokenId: row.token.id, projectId: row.token.projectId, scopes: row.token.scopes };
  const who = { userId: row.user.id, organisationId: row.user.organisationId, name: row.user.name };
  return row.user.kind === "service"
    ? { kind: "service", ...who, token }
    : { kind: "person", ...who, sessionId: null, token };
}

/** How fresh "last used" is. More would be a write for each request. */
const LAST_USED_MS = 60_000;

async function noteUse(ctx: ServiceContext, token: typeof tokens.$inferSelect, now: Date): Promise<void> {
  if (token.lastUsedAt && now.getTime() - token.lastUsedAt.getTime() < LAST_USED_MS) return;
  const isStale = or(isNull(tokens.lastUsedAt), lt(tokens.lastUsedAt, new Date(now.getTime() - LAST_USED_MS)));
  await ctx.db
    .update(tokens)
    .set({ lastUsedAt: now })
    .where(and(eq(tokens.id, token.id), isStale));
}

async function actorByRunToken(ctx: ServiceContext, digest: string, now: Date): Promise<Actor | null> {
  const [row] = await ctx.db
    .select()
    .from(runTokens)
    .where(
      and(
        eq(runTokens.sha256, digest),
        isNull(runTokens.revokedAt),
        gt(
          runTokens.leasedAt,
          sql`${now.toISOString()}::timestamptz - ${RUN_TOKEN_LEASE_MS} * interval '1 millisecond'`,
        ),
      ),
    );
  if (!row) return null;
  const { projectId, runId, attemptId, experimentRunId } = row;
  return { kind: "run", name: "a pipeline step", projectId, runId, attemptId, experimentRunId };
}

export async function actorBySession(ctx: ServiceContext, sessionId: string): Promise<Actor | null> {
  const [row] = await ctx.db
    .select({ userId: users.id, organisationId: users.organisationId, name: users.name })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(
      and(
        eq(sessions.id, sessionId),
        isNull(sessions.revokedAt),
        isNull(users.deactivatedAt),
        gt(sessions.expiresAt, ctx.clock()),
      ),
    );
  return row ? { kind: "person", ...row, sessionId, token: null } : null;
}

/** Whether an actor who came earlier may still act: for what stays open longer than a request, such as a live stream. */
export async function isStillValid(ctx: ServiceContext, actor: Actor): Promise<boolean> {
  if (actor.kind === "system") return true;
  if (actor.kind === "run") {
    const [row] = await ctx.db
      .select({ leasedAt: runTokens.leasedAt, revokedAt: runTokens.revokedAt })
      .from(runTokens)
      .where(eq(runTokens.attemptId, actor.attemptId));
    return (
      row !== undefined && row.revokedAt === null && ctx.clock().getTime() - row.leasedAt.getTime() < RUN_TOKEN_LEASE_MS
    );
  }
  if (actor.kind === "person" && actor.sessionId) return (await actorBySession(ctx, actor.sessionId)) !== null;
  if (!actor.token) return false;
  const [row] = await ctx.db
    .select({ expiresAt: tokens.expiresAt })
    .from(tokens)
    .innerJoin(users, eq(users.id, tokens.userId))
    .where(and(eq(tokens.id, actor.token.tokenId), isNull(tokens.revokedAt), isNull(users.deactivatedAt)));
  return row !== undefined && (row.expiresAt === null || row.expiresAt > ctx.clock());
}
