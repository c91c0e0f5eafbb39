import { and, asc, desc, eq, gt, isNull, sql } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { auditEvents, auditSeals } from "@/db/schema/audit";
import type { ServiceContext } from "../context";
import { GENESIS, sealDigest } from "./chain";

const SEALER_LOCK = 7_130_502;
const BATCH = 500;
/** How much older than the newest sealed event one may be that commits only now; no transaction lasts so long. */
const LATEST_COMMIT_MS = 3_600_000;

/**
 * Chains the events that are committed and not sealed yet; returns how many. One sealer works at a time, others
 * return 0 at once. The order is that in which the sealer saw them: an event that commits late is sealed late, so
 * writers never wait for one another.
 */
export async function sealAuditEvents(ctx: ServiceContext): Promise<number> {
  let total = 0;
  for (;;) {
    const sealed = await ctx.db.transaction((tx) => sealBatch(ctx, tx));
    total += sealed;
    if (sealed < BATCH) return total;
  }
}

async function sealBatch(ctx: ServiceContext, tx: Transaction): Promise<number> {
  const [lock] = await tx.execute<{ isMine: boolean }>(
    sql`select pg_try_advisory_xact_lock(${SEALER_LOCK}) as "isMine"`,
  );
  if (!lock?.isMine) return 0;
  const [last] = await tx
    .select({ sequence: auditSeals.sequence, sha256: auditSeals.sha256, eventId: auditSeals.eventId })
    .from(auditSeals)
    .orderBy(desc(auditSeals.sequence))
    .limit(1);
  const waiting = await tx
    .select({ id: auditEvents.id, sha256: auditEvents.sha256 })
    .from(auditEvents)
    .leftJoin(auditSeals, eq(auditSeals.eventId, auditEvents.id))
    .where(and(isNull(auditSeals.eventId), last ? gt(auditEvents.id, horizonBefore(last.eventId)) : undefined))
    .orderBy(asc(auditEvents.id))
    .limit(BATCH);
  let sequence = last?.sequence ?? 0;
  let previousSha256 = last?.sha256 ?? GENESIS;
  const seals = waiting.map((event) => {
    sequence += 1;
    const seal = {
      sequence,
      eventId: event.id,
      previousSha256,
      sha256: sealDigest(sequence, previousSha256, event.sha256),
      sealedAt: ctx.clock(),
    };
    previousSha256 = seal.sha256;
    return seal;
  });
  if (seals.length > 0) await tx.insert(auditSeals).values(seals);
  return seals.length;
}

/** The smallest UUIDv7 of the time `LATEST_COMMIT_MS` before this one's: its first 48 bits are milliseconds. */
function horizonBefore(eventId: string): string {
  const milliseconds = Math.max(0, Number.parseInt(eventId.replaceAll("-", "").slice(0, 12), 16) - LATEST_COMMIT_MS);
  const hex = milliseconds.toString(16).padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}
