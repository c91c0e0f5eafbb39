import { eq } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { approvals } from "@/db/schema/approvals";
import type { ApprovalState } from "@/domain/approvals/status";

/** Ends an approval: no further signature counts. */
export async function closeApproval(
  tx: Transaction,
  approvalId: string,
  end: { readonly state: Exclude<ApprovalState, "preparing" | "open">; readonly at: Date },
): Promise<void> {
  await tx.update(approvals).set({ state: end.state, closedAt: end.at }).where(eq(approvals.id, approvalId));
}
