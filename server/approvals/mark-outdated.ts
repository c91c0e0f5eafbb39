import { and, eq, inArray, isNull } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { approvalSignOffs, approvals } from "@/db/schema/approvals";

export type Outdating = {
  readonly approvalId: string;
  readonly reason: string;
  readonly at: Date;
  /** preparing: its evidence is computed anew. open: the evidence stands, people sign again. */
  readonly state: "preparing" | "open";
  /** Whose signatures no longer count; left out: everybody's. */
  readonly userIds?: readonly string[];
};

/** Takes an approval back to preparing or open; the signatures in question stay readable, with the reason why they no longer count. */
export async function markOutdated(
  tx: Transaction,
  { approvalId, reason, at, state, userIds }: Outdating,
): Promise<void> {
  await tx
    .update(approvals)
    .set({ state, closedAt: null, ...(state === "preparing" && { evidenceDigest: null }) })
    .where(eq(approvals.id, approvalId));
  await tx
    .update(approvalSignOffs)
    .set({ outdatedAt: at, outdatedReason: reason })
    .where(
      and(
        eq(approvalSignOffs.approvalId, approvalId),
        isNull(approvalSignOffs.outdatedAt),
        userIds ? inArray(approvalSignOffs.userId, [...userIds]) : undefined,
      ),
    );
}
