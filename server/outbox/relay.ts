import type { Client } from "@temporalio/client";
import { and, asc, eq, isNull, lte, sql } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { outbox } from "@/db/schema/outbox";
import type { ServiceContext } from "../context";
import { deliver } from "./deliver";
import { OUTBOX_CHANNEL } from "./enqueue";
import { startLoop } from "./loop";

const BATCH = 50;
const POLL_MS = 1_000;
const LARGEST_DELAY_MS = 30_000;

type Row = typeof outbox.$inferSelect;

/** Delay before the next try after `attempts` failures, in milliseconds: doubling from a quarter of a second. */
export function retryDelayMs(attempts: number): number {
  return Math.min(LARGEST_DELAY_MS, 250 * 2 ** Math.min(attempts, 10));
}

/** Messages to one workflow go in their order: a row waits until the earlier ones are delivered. */
const isFirstInLine = sql`not exists (
  select from outbox earlier
  where earlier.delivered_at is null and earlier.id < ${outbox.id}
    and earlier.message ->> 'workflowId' = ${outbox.message} ->> 'workflowId')`;

/**
 * Delivers what waits, at most one batch; answers how many rows it took. Rows stay locked while they are
 * delivered, so a second relay takes others and a dead one's are taken again.
 */
export async function relayOnce(ctx: ServiceContext, client: Client): Promise<number> {
  return ctx.db.transaction(async (tx) => {
    const rows = await tx
      .select()
      .from(outbox)
      .where(and(isNull(outbox.deliveredAt), lte(outbox.availableAt, sql`now()`), isFirstInLine))
      .orderBy(asc(outbox.id))
      .limit(BATCH)
      .for("no key update", { skipLocked: true });
    await Promise.all(rows.map((row) => deliverRow({ ctx, tx, client }, row)));
    return rows.length;
  });
}

type Delivery = { readonly ctx: ServiceContext; readonly tx: Transaction; readonly client: Client };

async function deliverRow({ ctx, tx, client }: Delivery, row: Row): Promise<void> {
  const failure = await deliver(client, ctx.config.temporal.taskQueue, row.message).then(
    () => null,
    (error: unknown) => error,
  );
  if (failure === null) {
    await tx.update(outbox).set({ deliveredAt: sql`now()`, lastError: null }).where(eq(outbox.id, row.id));
    return;
  }
  const lastError = failure instanceof Error ? failure.message : String(failure);
  await tx
    .update(outbox)
    .set({
      attempts: row.attempts + 1,
      lastError,
      availableAt: sql`now() + ${retryDelayMs(row.attempts)} * interval '1 millisecond'`,
    })
    .where(eq(outbox.id, row.id));
  const line = {
    err: failure,
    workflowId: row.message.workflowId,
    requestId: row.requestId,
    attempts: row.attempts + 1,
  };
  ctx.log.warn(line, "outbox: not delivered");
}

/** Runs the relay until `stop`: woken by NOTIFY, and every second for what was missed or put back. */
export async function startRelay(ctx: ServiceContext, client: Client): Promise<{ readonly stop: () => Promise<void> }> {
  const loop = startLoop(ctx, {
    name: "outbox relay",
    everyMs: POLL_MS,
    work: async () => (await relayOnce(ctx, client)) > 0,
  });
  const listener = await ctx.sql.listen(OUTBOX_CHANNEL, loop.wake, loop.wake);
  return {
    stop: async () => {
      await listener.unlisten();
      await loop.stop();
    },
  };
}
