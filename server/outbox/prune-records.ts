import { and, isNotNull, lt, sql } from "drizzle-orm";
import { oneTimeLinks, sessions, signInThrottles } from "@/db/schema/identity";
import { events } from "@/db/schema/notifications";
import { outbox } from "@/db/schema/outbox";
import { projectCounters } from "@/db/schema/projects";
import { servingTraffic } from "@/db/schema/serving";
import type { ServiceContext } from "../context";
import { CATCH_UP_LIMIT } from "../notifications/event-hub";

const KEEP_DELIVERED_DAYS = 7;
/** A throttle forgets long before; the row itself is of no use to anybody after this. */
const KEEP_THROTTLE_DAYS = 2;
/** A person's last visit is read from their sessions. */
const KEEP_SESSION_DAYS = 90;
/** Links still explain themselves for a while ("has expired", "was used already"). */
const KEEP_LINK_DAYS = 30;
/** Pages show the traffic of a day; the predictions themselves stay. */
const KEEP_TRAFFIC_DAYS = 30;

const daysAgo = (days: number) => sql`now() - ${days} * interval '1 day'`;

/** Removes what no page and no rule reads any more, a set at a time. Records that are evidence are not among it. */
export async function pruneRecords({ db }: Pick<ServiceContext, "db">): Promise<void> {
  await db
    .delete(outbox)
    .where(and(isNotNull(outbox.deliveredAt), lt(outbox.deliveredAt, daysAgo(KEEP_DELIVERED_DAYS))));
  // One more than a page may catch up on stays, so that a page that stands before it is told to fetch everything.
  await db.execute(sql`
    delete from ${events} using ${projectCounters}
    where ${events.projectId} = ${projectCounters.projectId}
      and ${events.sequence} <= ${projectCounters.eventSequence} - ${CATCH_UP_LIMIT + 1}::bigint`);
  await db.delete(signInThrottles).where(lt(signInThrottles.updatedAt, daysAgo(KEEP_THROTTLE_DAYS)));
  await db.delete(sessions).where(lt(sessions.expiresAt, daysAgo(KEEP_SESSION_DAYS)));
  await db.delete(oneTimeLinks).where(lt(oneTimeLinks.expiresAt, daysAgo(KEEP_LINK_DAYS)));
  await db.delete(servingTraffic).where(lt(servingTraffic.hour, daysAgo(KEEP_TRAFFIC_DAYS)));
}
