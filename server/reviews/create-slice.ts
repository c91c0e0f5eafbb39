import { slices } from "@/db/schema/reviews";
import { AppError } from "@/domain/errors";
import type { CreateSlice } from "@/domain/reviews/contracts";
import { audit } from "../audit/audit-caller";
import { personOf, type Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { newId } from "../ids";
import { publishEvent } from "../notifications/publish-event";
import { evaluationDataset } from "./evaluation-dataset";
import { requestEvidenceOfProject } from "./request-evidence";
import { countSliceRows } from "./slice-rows";

/**
 * Keeps a named condition over the evaluation dataset. It is tried on the rows first (`invalid_input` where it is not
 * one pure condition over the columns); then the evidence of every open review is computed with it.
 */
export async function createSlice(ctx: ServiceContext, scope: Scope<"reviews.comment">, input: CreateSlice) {
  const { userId } = personOf(scope);
  const caller = { ctx, scope };
  const dataset = await evaluationDataset(ctx.db, scope.projectId);
  if (!dataset)
    throw new AppError(
      "precondition_failed",
      "no_evaluation_dataset",
      "No policy names a hold-out yet, so there are no rows to slice.",
    );
  const parquet = await ctx.blobs.localPath(dataset.parquetSha256);
  const rows = await countSliceRows({ parquet, schema: dataset.schema }, input.expression);
  const result = await ctx.db.transaction(async (tx) => {
    const id = newId();
    const [made] = await tx
      .insert(slices)
      .values({ id, projectId: scope.projectId, ...input, createdBy: userId, createdAt: ctx.clock() })
      .onConflictDoNothing()
      .returning({ id: slices.id });
    if (!made) {
      const refusal = new AppError("already_exists", "slice_name", `There is a slice named ${input.name} already.`);
      await audit(tx, caller, {
        action: "reviews.slice_refused",
        entity: { kind: "project", id: scope.projectId },
        summary: `was refused to add the slice ${input.name}: ${refusal.message}`,
        details: { reason: refusal.reason, ...input },
      });
      return { refusal };
    }
    await requestEvidenceOfProject(tx, { projectId: scope.projectId, requestId: ctx.requestId });
    await audit(tx, caller, {
      action: "reviews.slice_created",
      entity: { kind: "slice", id },
      summary: `added the slice ${input.name}: ${input.expression}`,
      details: { ...input, dataset: dataset.name, rows },
    });
    await publishEvent(tx, scope.projectId, "reviews", id);
    return { refusal: null, id };
  });
  if (result.refusal) throw result.refusal;
  return { id: result.id, rows };
}
