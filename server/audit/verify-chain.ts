import { asc, count, eq, gt } from "drizzle-orm";
import { auditEvents, auditSeals } from "@/db/schema/audit";
import type { ServiceContext } from "../context";
import { faultOf, GENESIS } from "./chain";

const BATCH = 1_000;

export type Verification = {
  readonly sealed: number;
  /** Committed events that wait for the sealer. */
  readonly unsealed: number;
  readonly fault: { readonly sequence: number; readonly reason: string } | null;
};

/** Recomputes the whole chain from its first seal and stops at the first one that does not hold. */
export async function verifyAuditChain(ctx: ServiceContext): Promise<Verification> {
  let before = { sequence: 0, sha256: GENESIS };
  const [events] = await ctx.db.select({ n: count() }).from(auditEvents);
  const unsealed = () => Math.max(0, (events?.n ?? 0) - before.sequence);
  for (;;) {
    const links = await ctx.db
      .select({
        sequence: auditSeals.sequence,
        previousSha256: auditSeals.previousSha256,
        sha256: auditSeals.sha256,
        eventSha256: auditEvents.sha256,
        text: auditEvents.text,
      })
      .from(auditSeals)
      .innerJoin(auditEvents, eq(auditEvents.id, auditSeals.eventId))
      .where(gt(auditSeals.sequence, before.sequence))
      .orderBy(asc(auditSeals.sequence))
      .limit(BATCH);
    for (const link of links) {
      const reason = faultOf(link, before);
      if (reason) return { sealed: before.sequence, unsealed: unsealed(), fault: { sequence: link.sequence, reason } };
      before = link;
    }
    if (links.length < BATCH) return { sealed: before.sequence, unsealed: unsealed(), fault: null };
  }
}
