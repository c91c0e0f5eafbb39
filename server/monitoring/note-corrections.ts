import { and, eq, sql } from "drizzle-orm";
import { monitorChecks } from "@/db/schema/monitoring";
import type { ServiceContext } from "../context";
import { publishEvent } from "../notifications/publish-event";
import { measureQuality } from "./measure-quality";
import type { Monitor } from "./record";
import { answersIn, coverageOf } from "./traffic";

/** A label may be committed a moment after the time it bears. */
const OVERLAP_SECONDS = 60;

/**
 * Windows whose labels came or changed after they were judged: the judgement stays, and the figure as it is now is
 * written beside it. Computing it again gives the same figure, so it does no harm.
 */
export async function noteCorrections(ctx: ServiceContext, monitor: Monitor): Promise<void> {
  // Every check looks at all windows, so what changed before the last one began was seen by it.
  const since = monitor.lastCheckedAt;
  if (!since) return;
  const checks = await ctx.db
    .select()
    .from(monitorChecks)
    .where(and(eq(monitorChecks.monitorId, monitor.id), eq(monitorChecks.kind, "quality")));
  for (const check of checks) {
    const window = { start: check.windowStart, end: check.windowEnd };
    const [changed] = await ctx.db.execute(sql`
      select 1 from labels l join predictions p
        on p.request_id = l.request_id and p."row" = l."row" and p.project_id = l.project_id
      where l.project_id = ${monitor.projectId}
        and l.changed_at > ${since.toISOString()}::timestamptz - ${OVERLAP_SECONDS} * interval '1 second'
        and ${answersIn(monitor, window)} limit 1`);
    if (!changed) continue;
    const versions = await coverageOf(ctx.db, monitor, window);
    const quality = await measureQuality(ctx.db, { subject: monitor, window, versions });
    if ("problem" in quality) continue;
    const { value, rows } = quality.measured;
    const before = { value: check.correctedValue ?? check.value, rows: check.correctedLabelled ?? check.labelled };
    if (value === before.value && rows === before.rows) continue;
    await ctx.db.transaction(async (tx) => {
      await tx
        .update(monitorChecks)
        .set({ correctedValue: value, correctedLabelled: rows, correctedAt: ctx.clock() })
        .where(eq(monitorChecks.id, check.id));
      await publishEvent(tx, monitor.projectId, "monitoring", monitor.id);
    });
  }
}
