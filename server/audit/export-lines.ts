import { and, asc, eq, gt } from "drizzle-orm";
import { auditEvents, auditSeals } from "@/db/schema/audit";
import type { Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";

const BATCH = 500;

/** Batches of lines, read as they are sent: a trail of any length needs little memory. */
export async function* exportLines(
  ctx: ServiceContext,
  scope: Scope<"audit.export">,
): AsyncGenerator<string, undefined> {
  let after: string | undefined;
  for (;;) {
    const rows = await ctx.db
      .select({
        id: auditEvents.id,
        text: auditEvents.text,
        sha256: auditEvents.sha256,
        sequence: auditSeals.sequence,
        previousSealSha256: auditSeals.previousSha256,
        sealSha256: auditSeals.sha256,
        sealedAt: auditSeals.sealedAt,
      })
      .from(auditEvents)
      .leftJoin(auditSeals, eq(auditSeals.eventId, auditEvents.id))
      .where(and(eq(auditEvents.projectId, scope.projectId), after ? gt(auditEvents.id, after) : undefined))
      .orderBy(asc(auditEvents.id))
      .limit(BATCH);
    if (rows.length > 0) yield `${rows.map((row) => JSON.stringify(row)).join("\n")}\n`;
    after = rows.at(-1)?.id;
    if (rows.length < BATCH || !after) return undefined;
  }
}
