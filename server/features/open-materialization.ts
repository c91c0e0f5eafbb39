import { and, eq, inArray } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { materializations } from "@/db/schema/features";
import type { MaterializationTrigger } from "@/domain/features/status";
import { materializationMessage } from "@/domain/features/workflow";
import type { Caller } from "../audit/audit-caller";
import { newId } from "../ids";
import { enqueue } from "../outbox/enqueue";

/** Whether a copy of this version is under way. */
export async function isOneOpen(tx: Transaction, viewVersionId: string): Promise<boolean> {
  const open = await tx.$count(
    materializations,
    and(eq(materializations.viewVersionId, viewVersionId), inArray(materializations.state, ["queued", "copying"])),
  );
  return open > 0;
}

/** Adds a copy and the start of its workflow, in the caller's transaction, which has locked the view. */
export async function openMaterialization(
  tx: Transaction,
  { ctx, scope }: Caller,
  opened: {
    readonly viewVersionId: string;
    readonly datasetVersionId: string;
    readonly trigger: MaterializationTrigger;
    readonly startedBy: string | null;
  },
): Promise<string> {
  const id = newId();
  await tx.insert(materializations).values({ id, projectId: scope.projectId, ...opened, createdAt: ctx.clock() });
  await enqueue(tx, materializationMessage("start", id), ctx.requestId);
  return id;
}
