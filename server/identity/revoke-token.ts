import { and, eq, isNull } from "drizzle-orm";
import { tokens, users } from "@/db/schema/identity";
import { AppError } from "@/domain/errors";
import { writeAudit } from "../audit/write-audit";
import type { Actor } from "../authz/actor";
import type { Scope } from "../authz/authorize";
import { sessionPersonAttempt } from "../authz/authorize-attempt";
import type { ServiceContext } from "../context";

/** Ends one of the person's own tokens. */
export async function revokeToken(ctx: ServiceContext, actor: Actor, tokenId: string): Promise<void> {
  const person = await sessionPersonAttempt(ctx, actor);
  await revoke(ctx, { tokenId, userId: person.userId, actor: person, organisationId: person.organisationId });
}

/** Ends a token of one of the project's service accounts. */
export async function revokeServiceToken(
  ctx: ServiceContext,
  scope: Scope<"identity.manage_services">,
  tokenId: string,
): Promise<void> {
  const [row] = await ctx.db
    .select({ userId: tokens.userId })
    .from(tokens)
    .innerJoin(users, eq(users.id, tokens.userId))
    .where(and(eq(tokens.id, tokenId), eq(tokens.projectId, scope.projectId), eq(users.kind, "service")));
  if (!row) throw missing();
  await revoke(ctx, { tokenId, userId: row.userId, actor: scope.actor, organisationId: scope.organisationId });
}

function missing(): AppError {
  return new AppError("not_found", "token", "There is no such token, or it is revoked already.");
}

type Revocation = {
  readonly tokenId: string;
  readonly userId: string;
  readonly actor: Actor;
  readonly organisationId: string;
};

async function revoke(ctx: ServiceContext, { tokenId, userId, actor, organisationId }: Revocation): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    const [ended] = await tx
      .update(tokens)
      .set({ revokedAt: ctx.clock() })
      .where(and(eq(tokens.id, tokenId), eq(tokens.userId, userId), isNull(tokens.revokedAt)))
      .returning({ name: tokens.name, projectId: tokens.projectId });
    if (!ended) throw missing();
    await writeAudit(tx, {
      actor,
      organisationId,
      projectId: ended.projectId,
      action: "identity.token_revoked",
      entity: { kind: "token", id: tokenId },
      summary: `revoked the token ${ended.name}`,
      requestId: ctx.requestId,
      at: ctx.clock(),
    });
  });
}
