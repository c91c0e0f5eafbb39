import { ARROWS } from "@/domain/feedback/arrows";
import type { CommentItem } from "@/domain/feedback/contracts";
import { mentionedIn } from "@/domain/reviews/mentions";
import { audit } from "../audit/audit-caller";
import { userIdOf } from "../authz/actor";
import type { Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { newId } from "../ids";
import { notifyPeople } from "../notifications/notify-person";
import { publishEvent } from "../notifications/publish-event";
import { membersOf } from "../reviews/record";
import { addEvent, lockItem } from "./record";

/**
 * Adds a comment to an item's timeline and tells the members whom it mentions. Anybody who may open an item may comment
 * on one, whatever its state.
 */
export async function commentItem(ctx: ServiceContext, scope: Scope<"feedback.create">, input: CommentItem) {
  const caller = { ctx, scope };
  const { projectId, actor } = scope;
  await ctx.db.transaction(async (tx) => {
    const item = await lockItem(tx, projectId, input.itemId);
    const name = `${ARROWS[item.kind].title.toLowerCase()} #${item.number}`;
    await addEvent(tx, caller, { itemId: item.id, kind: "commented", text: input.text });
    await audit(tx, caller, {
      action: "feedback.commented",
      entity: { kind: "feedback_item", id: item.id },
      summary: `commented on ${name}`,
      details: { text: input.text },
    });
    const mentioned = mentionedIn(input.text, await membersOf(tx, projectId));
    const comment = newId();
    await notifyPeople(
      tx,
      mentioned
        .filter((userId) => userId !== userIdOf(actor))
        .map((userId) => ({
          projectId,
          userId,
          kind: "feedback.mentioned",
          entity: { kind: "feedback_item", id: item.id },
          dedupeKey: `feedback.mentioned:${comment}`,
          title: `${actor.name} mentions you on ${name}: ${item.title}`,
        })),
    );
    await publishEvent(tx, projectId, "feedback", item.id);
  });
}
