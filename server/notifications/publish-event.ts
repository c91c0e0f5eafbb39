import { sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { events } from "@/db/schema/notifications";
import { projectCounters } from "@/db/schema/projects";

export const EVENTS_CHANNEL = "countersign_events";

/**
 * Tells open pages that something changed. Call it last in the transaction: it takes the project's counter,
 * so that sequences are handed out in commit order. `kind` is the domain, such as `promotions`.
 */
export async function publishEvent(db: Executor, projectId: string, kind: string, entityId: string): Promise<void> {
  const [row] = await db
    .insert(projectCounters)
    .values({ projectId, eventSequence: 1 })
    .onConflictDoUpdate({
      target: projectCounters.projectId,
      set: { eventSequence: sql`${projectCounters.eventSequence} + 1` },
    })
    .returning({ sequence: projectCounters.eventSequence });
  if (!row) throw new Error("The project's event counter did not answer.");
  await db.insert(events).values({ projectId, sequence: row.sequence, kind, entityId });
  await db.execute(sql`select pg_notify(${EVENTS_CHANNEL}, ${projectId})`);
}
