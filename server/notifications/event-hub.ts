import { and, asc, eq, gt, inArray } from "drizzle-orm";
import { events } from "@/db/schema/notifications";
import { projectCounters } from "@/db/schema/projects";
import type { ServiceContext } from "../context";
import { EVENTS_CHANNEL } from "./publish-event";

export const LOGS_CHANNEL = "countersign_logs";

export type LiveEvent = {
  readonly projectId: string;
  readonly sequence: number;
  readonly kind: string;
  readonly entityId: string;
};
export type LogNudge = { readonly projectId: string; readonly attemptId: string };

export type Subscriber = {
  readonly onEvents: (batch: readonly LiveEvent[]) => void;
  readonly onLog: (nudge: LogNudge) => void;
};

/** Past this many missed events a page is told to fetch everything anew. */
export const CATCH_UP_LIMIT = 10_000;

/**
 * One listener per process. NOTIFY only wakes it: it reads what is new from the table once, however many
 * pages are open, and hands it on. After a lost connection every known project is read again.
 */
export class EventHub {
  private readonly subscribers = new Set<Subscriber>();
  private readonly cursors = new Map<string, number>();
  private readonly reading = new Map<string, Promise<void>>();
  private started: Promise<void> | undefined;
  private attempt = 0;

  constructor(private readonly ctx: ServiceContext) {}

  /** Rejects while the database cannot be listened to; the next who comes tries again. */
  async subscribe(subscriber: Subscriber): Promise<() => void> {
    this.subscribers.add(subscriber);
    this.started ??= this.listen();
    const { started } = this;
    try {
      await started;
    } catch (error) {
      this.subscribers.delete(subscriber);
      if (this.started === started) this.started = undefined;
      throw error;
    }
    return () => this.subscribers.delete(subscriber);
  }

  private async listen(): Promise<void> {
    // The driver goes on with listeners whose first attempt failed: those of an earlier attempt stay silent.
    this.attempt += 1;
    const mine = this.attempt;
    const isCurrent = () => mine === this.attempt;
    const wakeAll = () => {
      if (isCurrent()) for (const projectId of this.cursors.keys()) this.wake(projectId);
    };
    await this.ctx.sql.listen(EVENTS_CHANNEL, (projectId) => isCurrent() && this.wake(projectId), wakeAll);
    await this.ctx.sql.listen(LOGS_CHANNEL, (payload) => {
      if (!isCurrent()) return;
      const nudge = JSON.parse(payload) as LogNudge;
      for (const subscriber of this.subscribers) subscriber.onLog(nudge);
    });
  }

  /** Reads are chained per project, so that events go out in order. */
  private wake(projectId: string): void {
    const previous = this.reading.get(projectId) ?? Promise.resolve();
    const next = previous
      .then(() => this.readNew(projectId))
      .catch((error: unknown) => this.ctx.log.warn({ err: error, projectId }, "live events could not be read"));
    this.reading.set(projectId, next);
  }

  private async readNew(projectId: string): Promise<void> {
    const known = this.cursors.get(projectId);
    // Nobody here watches the project yet: whoever comes starts from its position then.
    if (known === undefined) return;
    const rows = await this.ctx.db
      .select({ projectId: events.projectId, sequence: events.sequence, kind: events.kind, entityId: events.entityId })
      .from(events)
      .where(and(eq(events.projectId, projectId), gt(events.sequence, known)))
      .orderBy(asc(events.sequence));
    const last = rows.at(-1);
    if (!last) return;
    this.cursors.set(projectId, last.sequence);
    for (const subscriber of this.subscribers) subscriber.onEvents(rows);
  }

  /** Where each project's stream stands now; from here on this process reads what follows. */
  async positions(projectIds: readonly string[]): Promise<Map<string, number>> {
    if (projectIds.length === 0) return new Map();
    const rows = await this.ctx.db
      .select({ projectId: projectCounters.projectId, sequence: projectCounters.eventSequence })
      .from(projectCounters)
      .where(inArray(projectCounters.projectId, [...projectIds]));
    for (const row of rows) {
      if (!this.cursors.has(row.projectId)) this.cursors.set(row.projectId, row.sequence);
    }
    return new Map(rows.map((row) => [row.projectId, row.sequence]));
  }

  /** What a page missed on one project, oldest first; null when it is too much to send. */
  async missed(projectId: string, since: number): Promise<readonly LiveEvent[] | null> {
    const rows = await this.ctx.db
      .select({ projectId: events.projectId, sequence: events.sequence, kind: events.kind, entityId: events.entityId })
      .from(events)
      .where(and(eq(events.projectId, projectId), gt(events.sequence, since)))
      .orderBy(asc(events.sequence))
      .limit(CATCH_UP_LIMIT + 1);
    return rows.length > CATCH_UP_LIMIT ? null : rows;
  }
}
