import { sql } from "drizzle-orm";
import type { Executor } from "@/db/client";

export const EVENTS_CHANNEL = "countersign_events";

/**
 * Tells open pages that something changed. Call it last in the transaction: it takes the project's counter,
 * so that sequences are handed out in commit order. `kind` is the domain, such as `promotions`.
 */
export async function publishEvent(db: Executor, projectId: string, kind: string, entityId: string): Promise<void> {
  // One statement: every change of every domain passes here while it holds the counter.
  await db.execute(sql`
    with counter as (
      insert into project_counters (project_id, event_sequence) values (${projectId}, 1)
      on conflict (project_id) do update set event_sequence = project_counters.event_sequence + 1
      returning project_id, event_sequence
    ), event as (
      insert into events (project_id, sequence, kind, entity_id)
      select project_id, event_sequence, ${kind}, ${entityId} from counter
    )
    select pg_notify(${EVENTS_CHANNEL}, ${projectId})`);
}
