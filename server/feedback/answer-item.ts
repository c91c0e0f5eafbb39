import { eq } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { feedbackItems, retrainingTriggers } from "@/db/schema/feedback";
import { AppError } from "@/domain/errors";
import { ARROWS } from "@/domain/feedback/arrows";
import type { AnswerItem } from "@/domain/feedback/contracts";
import { answeringRefusal } from "@/domain/feedback/policy";
import { audit, type Caller } from "../audit/audit-caller";
import { authorize, personOf, type Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { notifyPeople } from "../notifications/notify-person";
import { publishEvent } from "../notifications/publish-event";
import { barAccepter } from "./bar-accepter";
import { continueRetraining } from "./continue-retraining";
import { addEvent, findAlert, findItem, type Item, lockItem } from "./record";
import { type Readiness, readinessFor, whileReady } from "./retraining-readiness";

/** Answering asks for the permission of the item's own arrow; a refusal leaves its audit row and nothing else. */
export async function assertMayAnswer(caller: Caller, item: Item): Promise<void> {
  const { ctx, scope } = caller;
  const { answer } = ARROWS[item.kind];
  try {
    if (!answer)
      throw new AppError("forbidden", "nobody_answers", "A policy answers this; nobody accepts or declines it.");
    personOf(await authorize(ctx, scope.actor, answer, scope.projectId));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    await auditRefusal(ctx.db, caller, { item, reason: error.reason, sentence: error.message });
    throw error;
  }
}

export async function auditRefusal(
  db: Parameters<typeof audit>[0],
  caller: Caller,
  refusal: { readonly item: Item; readonly reason: string; readonly sentence: string },
): Promise<void> {
  const { item, reason, sentence } = refusal;
  await audit(db, caller, {
    action: "feedback.answer_refused",
    entity: { kind: "feedback_item", id: item.id },
    summary: `was refused to answer ${ARROWS[item.kind].title.toLowerCase()} #${item.number}: ${sentence}`,
    details: { reason, kind: item.kind },
  });
}

/**
 * Accepts or declines an item, as a role that its arrow asks for. Where a retraining waited for the acceptance it
 * starts in the same transaction; where it started at once the acceptance points to the run that is there.
 * Refusals: `forbidden` for another role, `conflict` where it was answered already, or where the person signed the
 * promotion of the version that came of it.
 */
export async function answerItem(ctx: ServiceContext, scope: Scope<"feedback.create">, input: AnswerItem) {
  const caller = { ctx, scope };
  const found = await findItem(ctx.db, scope.projectId, input.itemId);
  await assertMayAnswer(caller, found);
  const prepare = async (): Promise<Readiness | null> =>
    found.alertId && input.answer === "accept"
      ? readinessFor(ctx, await findAlert(ctx.db, scope.projectId, found.alertId))
      : null;
  const result = await whileReady(prepare, (readiness) =>
    ctx.db.transaction((tx) => answer(tx, caller, { input, readiness })),
  );
  if (result.refusal) throw result.refusal;
  return { id: input.itemId, state: result.state };
}

type Answering = { readonly input: AnswerItem; readonly readiness: Readiness | null };

async function answer(tx: Transaction, caller: Caller, { input, readiness }: Answering) {
  const { ctx, scope } = caller;
  const { userId, name } = personOf(scope);
  const item = await lockItem(tx, scope.projectId, input.itemId);
  const refusal = await refusalOf(tx, caller, item, input);
  if (refusal) {
    await auditRefusal(tx, caller, { item, reason: refusal.reason, sentence: refusal.message });
    return { refusal, state: item.state };
  }
  const isAccepted = input.answer === "accept";
  const text = input.answer === "accept" ? input.comment : input.reason;
  const state = isAccepted ? ("accepted" as const) : ("declined" as const);
  await tx
    .update(feedbackItems)
    .set({ state, answeredBy: userId, answeredAt: ctx.clock(), declineReason: isAccepted ? null : text })
    .where(eq(feedbackItems.id, item.id));
  await addEvent(tx, caller, { itemId: item.id, kind: state, text });
  await continueRetraining(tx, caller, { item, isAccepted, readiness });
  const arrow = ARROWS[item.kind].title;
  await audit(tx, caller, {
    action: `feedback.${state}`,
    entity: { kind: "feedback_item", id: item.id },
    summary: `${state} ${arrow.toLowerCase()} #${item.number}: ${item.title}`,
    details: { number: item.number, kind: item.kind, text },
  });
  await tellSender(tx, item, `${name} ${state} your ${arrow.toLowerCase()}: ${item.title}`);
  await publishEvent(tx, scope.projectId, "feedback", item.id);
  return { refusal: null, state };
}

async function refusalOf(tx: Transaction, { scope }: Caller, item: Item, input: AnswerItem): Promise<AppError | null> {
  const refused = answeringRefusal({ kind: item.kind, state: item.state, roles: scope.roles, isPerson: true });
  if (refused) return new AppError("conflict", refused.reason, refused.sentence);
  if (input.answer !== "accept") return null;
  const [trigger] = await tx
    .select({ runId: retrainingTriggers.runId })
    .from(retrainingTriggers)
    .where(eq(retrainingTriggers.itemId, item.id));
  if (!trigger?.runId) return null;
  const { userId } = personOf(scope);
  const signed = await barAccepter(tx, { projectId: scope.projectId, runId: trigger.runId, userId });
  return signed === null
    ? null
    : new AppError(
        "conflict",
        "signed_promotion",
        `You ${signed} of the version that came of this finding, so another data scientist accepts it.`,
      );
}

/** Tells who opened an item what became of it; the product itself needs no notice. */
export async function tellSender(tx: Transaction, item: Item, title: string): Promise<void> {
  if (!item.createdBy) return;
  await notifyPeople(tx, [
    {
      projectId: item.projectId,
      userId: item.createdBy,
      kind: "feedback.answered",
      entity: { kind: "feedback_item", id: item.id },
      dedupeKey: `feedback.answered:${item.id}:${title}`,
      title,
    },
  ]);
}
