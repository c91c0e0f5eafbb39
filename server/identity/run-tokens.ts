import { and, eq, isNull } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { runTokens } from "@/db/schema/identity";
import { AppError } from "@/domain/errors";
import type { ServiceContext } from "../context";
import { newId } from "../ids";
import { newSecret } from "./secrets";

export type RunTokenFor = {
  readonly projectId: string;
  readonly runId: string;
  readonly attemptId: string;
  /** The experiment run that the step may write; none where it logs nothing. */
  readonly experimentRunId: string | null;
};

/** The secret of an attempt's token with its digest: made before the attempt is written, so that both can be prepared at once. */
export function newRunSecret(): { readonly secret: string; readonly sha256: string } {
  return newSecret("csr");
}

/**
 * Makes a token good for one attempt of one step; only its SHA-256 is kept. Minting again for the same
 * attempt (the answer got lost) replaces the secret, so that one at most works. A revoked attempt gets none.
 */
export async function mintRunToken(
  ctx: ServiceContext,
  input: RunTokenFor & { readonly sha256: string },
  db: Executor = ctx.db,
): Promise<void> {
  const minted = await db
    .insert(runTokens)
    .values({ ...input, id: newId(), leasedAt: ctx.clock() })
    .onConflictDoUpdate({
      target: runTokens.attemptId,
      set: { sha256: input.sha256, experimentRunId: input.experimentRunId, leasedAt: ctx.clock() },
      setWhere: isNull(runTokens.revokedAt),
    })
    .returning({ id: runTokens.id });
  if (minted.length === 0)
    throw new AppError("precondition_failed", "attempt_over", "This attempt is over; its token was revoked.");
}

/** The attempt is alive: its token is good for another 15 s. False where it was revoked, so that the attempt must end. */
export async function renewRunLease(ctx: ServiceContext, attemptId: string): Promise<boolean> {
  const renewed = await ctx.db
    .update(runTokens)
    .set({ leasedAt: ctx.clock() })
    .where(and(eq(runTokens.attemptId, attemptId), isNull(runTokens.revokedAt)))
    .returning({ id: runTokens.id });
  return renewed.length > 0;
}

/** The attempt is over, however it ended: its token dies at once. May be called again. */
export async function revokeRunToken(ctx: ServiceContext, attemptId: string, db: Executor = ctx.db): Promise<void> {
  await db
    .update(runTokens)
    .set({ revokedAt: ctx.clock() })
    .where(and(eq(runTokens.attemptId, attemptId), isNull(runTokens.revokedAt)));
}
