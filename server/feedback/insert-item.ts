import type { Transaction } from "@/db/client";
import { feedbackItems } from "@/db/schema/feedback";
import { ARROWS } from "@/domain/feedback/arrows";
import type { FeedbackKind, FeedbackOrigin } from "@/domain/feedback/types";
import { audit, type Caller } from "../audit/audit-caller";
import { userIdOf } from "../authz/actor";
import { notifyPeople } from "../notifications/notify-person";
import { nextNumber } from "../projects/next-number";
import { addEvent, peopleWith } from "./record";

export type NewItem = {
  readonly id: string;
  readonly kind: FeedbackKind;
  readonly title: string;
  readonly body: string;
  readonly origin: FeedbackOrigin;
  readonly alertId: string | null;
  readonly dueAt: Date;
};

/**
 * Writes an open item with the first line of its timeline and tells its receivers. It takes the project's counter, so
 * the caller has taken all other locks, the lineage's among them, before.
 */
export async function insertItem(tx: Transaction, caller: Caller, item: NewItem): Promise<number> {
  const { ctx, scope } = caller;
  const { projectId } = scope;
  const { title: arrow, receivers } = ARROWS[item.kind];
  const number = await nextNumber(tx, projectId);
  await tx.insert(feedbackItems).values({
    ...item,
    projectId,
    number,
    receivers: [...receivers],
    createdBy: userIdOf(scope.actor),
    createdAt: ctx.clock(),
  });
  await addEvent(tx, caller, { itemId: item.id, kind: "opened", text: "" });
  await audit(tx, caller, {
    action: "feedback.opened",
    entity: { kind: "feedback_item", id: item.id },
    summary: `opened ${arrow.toLowerCase()} #${number}: ${item.title}`,
    details: { number, kind: item.kind, receivers, origin: item.origin, dueAt: item.dueAt.toISOString() },
  });
  const people = await peopleWith(tx, projectId, receivers);
  await notifyPeople(
    tx,
    people
      .filter((userId) => userId !== userIdOf(scope.actor))
      .map((userId) => ({
        projectId,
        userId,
        kind: "feedback.asked",
        entity: { kind: "feedback_item", id: item.id },
        dedupeKey: `feedback.asked:${item.id}`,
        title: `${arrow}: ${item.title}`,
      })),
  );
  return number;
}
