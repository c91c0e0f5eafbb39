import { and, eq, inArray, isNull } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { approvalSignOffs, approvals } from "@/db/schema/approvals";
import { promotions } from "@/db/schema/promotions";
import { modelVersions } from "@/db/schema/registry";
import { ACCEPTED_FINDING } from "@/domain/promotions/barred";

/**
 * Where the run is there before its finding is accepted, a promotion of its version may be open already: from then on
 * the person who accepts is barred there too. Answers the number of a promotion that the person signed before, which
 * forbids the acceptance; null where there is none.
 */
export async function barAccepter(
  tx: Transaction,
  about: { readonly projectId: string; readonly runId: string; readonly userId: string },
): Promise<number | null> {
  const { projectId, runId, userId } = about;
  const rows = await tx
    .select({ id: approvals.id, state: approvals.state, barred: approvals.barred, number: promotions.number })
    .from(approvals)
    .innerJoin(promotions, eq(promotions.approvalId, approvals.id))
    .innerJoin(modelVersions, eq(modelVersions.id, promotions.modelVersionId))
    .where(and(eq(modelVersions.pipelineRunId, runId), eq(approvals.projectId, projectId)))
    .orderBy(promotions.id)
    // Promotion before approval, as everywhere: evidence that is being computed either sees the acceptance or is seen here.
    .for("no key update", { of: [promotions, approvals] });
  if (rows.length === 0) return null;
  const [signed] = await tx
    .select({ approvalId: approvalSignOffs.approvalId })
    .from(approvalSignOffs)
    .where(
      and(
        inArray(
          approvalSignOffs.approvalId,
          rows.map((row) => row.id),
        ),
        eq(approvalSignOffs.userId, userId),
        eq(approvalSignOffs.decision, "approved"),
        isNull(approvalSignOffs.outdatedAt),
      ),
    );
  if (signed) return rows.find((row) => row.id === signed.approvalId)?.number ?? null;
  for (const { id, state, barred } of rows) {
    if ((state !== "preparing" && state !== "open") || barred.some((bar) => bar.userId === userId)) continue;
    await tx
      .update(approvals)
      .set({ barred: [...barred, { userId, reason: ACCEPTED_FINDING }] })
      .where(eq(approvals.id, id));
  }
  return null;
}
