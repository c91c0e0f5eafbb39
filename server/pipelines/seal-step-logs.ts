import { and, asc, eq, exists, isNotNull, isNull } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { stepAttempts, stepLogChunks } from "@/db/schema/pipelines";
import type { ServiceContext } from "../context";

const BATCH = 10;

/**
 * Moves the logs of attempts that are over from their chunks into one blob each; answers how many. Several
 * workers may do it at once: each takes attempts that no other holds.
 */
export async function sealStepLogs(ctx: ServiceContext): Promise<number> {
  return ctx.db.transaction(async (tx) => {
    const chunk = tx
      .select({ id: stepLogChunks.attemptId })
      .from(stepLogChunks)
      .where(eq(stepLogChunks.attemptId, stepAttempts.id));
    const over = await tx
      .select({ id: stepAttempts.id })
      .from(stepAttempts)
      .where(and(isNotNull(stepAttempts.finishedAt), isNull(stepAttempts.logSha256), exists(chunk)))
      .limit(BATCH)
      .for("no key update", { skipLocked: true });
    for (const attempt of over) await seal(ctx, tx, attempt.id);
    return over.length;
  });
}

async function seal(ctx: ServiceContext, tx: Transaction, attemptId: string): Promise<void> {
  const chunks = await tx
    .select({ text: stepLogChunks.text })
    .from(stepLogChunks)
    .where(eq(stepLogChunks.attemptId, attemptId))
    .orderBy(asc(stepLogChunks.sequence));
  const { sha256, bytes } = await ctx.blobs.put(Buffer.from(chunks.map((chunk) => chunk.text).join("")));
  await tx.update(stepAttempts).set({ logSha256: sha256, logBytes: bytes }).where(eq(stepAttempts.id, attemptId));
  await tx.delete(stepLogChunks).where(eq(stepLogChunks.attemptId, attemptId));
}
