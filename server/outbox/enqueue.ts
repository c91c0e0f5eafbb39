import type { Executor } from "@/db/client";
import { outbox } from "@/db/schema/outbox";
import type { OutboxMessage } from "@/domain/outbox";

export const OUTBOX_CHANNEL = "countersign_outbox";

/** Adds a start or a nudge to the change's transaction; the relay delivers it after the commit, at least once. */
export async function enqueue(db: Executor, message: OutboxMessage, requestId: string): Promise<void> {
  await db.insert(outbox).values({ message, requestId });
  await db.execute(`select pg_notify('${OUTBOX_CHANNEL}', '')`);
}
