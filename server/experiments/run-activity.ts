import type { ServiceContext } from "../context";
import { publishEvent } from "../notifications/publish-event";

const QUIET_MS = 1_000;
const REMEMBERED = 1_000;
const lastTold = new Map<string, number>();

/**
 * Tells open pages that a run has new values, at most once a second for each run: a training loop logs
 * hundreds of points, and the event takes the project's counter. Nothing is lost, since pages read the
 * rows and the run's end is always told.
 */
export async function tellRunActivity(ctx: ServiceContext, projectId: string, runId: string): Promise<void> {
  const now = Date.now();
  if (now - (lastTold.get(runId) ?? 0) < QUIET_MS) return;
  lastTold.delete(runId);
  lastTold.set(runId, now);
  const [oldest] = lastTold.keys();
  if (lastTold.size > REMEMBERED && oldest !== undefined) lastTold.delete(oldest);
  await ctx.db.transaction((tx) => publishEvent(tx, projectId, "experiments", runId));
}
