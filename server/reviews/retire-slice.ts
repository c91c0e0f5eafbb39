import { and, eq } from "drizzle-orm";
import { slices } from "@/db/schema/reviews";
import { AppError } from "@/domain/errors";
import { audit } from "../audit/audit-caller";
import { personOf, type Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { publishEvent } from "../notifications/publish-event";
import { requestEvidenceOfProject } from "./request-evidence";

/** Retires a slice: evidence that is computed from now on has it no more; what was frozen keeps it. */
export async function retireSlice(
  ctx: ServiceContext,
  scope: Scope<"reviews.comment">,
  input: { readonly sliceId: string },
) {
  const { userId } = personOf(scope);
  const caller = { ctx, scope };
  const refusal = await ctx.db.transaction(async (tx) => {
    const [slice] = await tx
      .select()
      .from(slices)
      .where(and(eq(slices.id, input.sliceId), eq(slices.projectId, scope.projectId)))
      .for("no key update");
    if (!slice) throw new AppError("not_found", "slice", "There is no such slice.");
    const entity = { kind: "slice", id: slice.id };
    if (slice.retiredAt) {
      const refused = new AppError("conflict", "already_retired", `The slice ${slice.name} is retired already.`);
      await audit(tx, caller, {
        action: "reviews.slice_retire_refused",
        entity,
        summary: `was refused to retire the slice ${slice.name}: ${refused.message}`,
      });
      return refused;
    }
    await tx.update(slices).set({ retiredAt: ctx.clock(), retiredBy: userId }).where(eq(slices.id, slice.id));
    await requestEvidenceOfProject(tx, { projectId: scope.projectId, requestId: ctx.requestId });
    await audit(tx, caller, {
      action: "reviews.slice_retired",
      entity,
      summary: `retired the slice ${slice.name}`,
      details: { expression: slice.expression },
    });
    await publishEvent(tx, scope.projectId, "reviews", slice.id);
    return null;
  });
  if (refusal) throw refusal;
}
