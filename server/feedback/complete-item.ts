import { eq } from "drizzle-orm";
import { feedbackItems } from "@/db/schema/feedback";
import { AppError } from "@/domain/errors";
import { ARROWS } from "@/domain/feedback/arrows";
import type { CompleteItem } from "@/domain/feedback/contracts";
import { completingRefusal } from "@/domain/feedback/policy";
import { audit } from "../audit/audit-caller";
import { personOf, type Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { recordLineage } from "../lineage/record-lineage";
import { publishEvent } from "../notifications/publish-event";
import { assertMayAnswer, auditRefusal, tellSender } from "./answer-item";
import { addEvent, findItem, lockItem } from "./record";
import { findResolution } from "./resolutions";

/**
 * Says that an accepted item is done and by what: a run, a dataset version, a version of a feature view or of a model.
 * The same role as for the answer. Refusals: `forbidden`, `conflict` where it was not accepted, `not_found` for what
 * the project does not have.
 */
export async function completeItem(ctx: ServiceContext, scope: Scope<"feedback.create">, input: CompleteItem) {
  const caller = { ctx, scope };
  const found = await findItem(ctx.db, scope.projectId, input.itemId);
  await assertMayAnswer(caller, found);
  const { userId, name } = personOf(scope);
  const resolution = await findResolution(ctx.db, scope.projectId, input.resolution);
  const refusal = await ctx.db.transaction(async (tx) => {
    const item = await lockItem(tx, scope.projectId, input.itemId);
    const refused = completingRefusal({ kind: item.kind, state: item.state, roles: scope.roles, isPerson: true });
    if (refused) {
      await auditRefusal(tx, caller, { item, ...refused });
      return new AppError("conflict", refused.reason, refused.sentence);
    }
    await tx
      .update(feedbackItems)
      .set({
        state: "done",
        doneBy: userId,
        doneAt: ctx.clock(),
        resolutionKind: input.resolution.kind,
        resolutionId: input.resolution.id,
      })
      .where(eq(feedbackItems.id, item.id));
    const text = input.comment ? `${resolution.label}. ${input.comment}` : resolution.label;
    await addEvent(tx, caller, { itemId: item.id, kind: "done", text });
    // Ids are in the order of creation: what was there before the item did not come of it.
    if (input.resolution.id > item.id) {
      const from = { kind: "feedback_item", reference: item.id, label: item.title } as const;
      await recordLineage(tx, scope.projectId, [{ from, to: resolution.node, kind: "triggered" }]);
    }
    const arrow = ARROWS[item.kind].title.toLowerCase();
    await audit(tx, caller, {
      action: "feedback.done",
      entity: { kind: "feedback_item", id: item.id },
      summary: `closed ${arrow} #${item.number} with ${resolution.label}`,
      details: { number: item.number, kind: item.kind, resolution: input.resolution, comment: input.comment },
    });
    await tellSender(tx, item, `${name} closed your ${arrow} with ${resolution.label}: ${item.title}`);
    await publishEvent(tx, scope.projectId, "feedback", item.id);
    return null;
  });
  if (refusal) throw refusal;
}
