import type { Transaction } from "@/db/client";
import { reviewComments } from "@/db/schema/reviews";
import { mentionedIn } from "@/domain/reviews/mentions";
import { reviewName } from "@/domain/reviews/outcome";
import type { Caller } from "../audit/audit-caller";
import { newId } from "../ids";
import { notifyPeople } from "../notifications/notify-person";
import { answerNotices, membersOf, type Review, type Thread } from "./record";

const THREAD_NOTICES = ["reviews.mentioned", "reviews.replied"] as const;
const MOST_OF_TITLE = 120;

const excerptOf = (body: string) => {
  const line = body.replace(/\s+/g, " ");
  return line.length > MOST_OF_TITLE ? `${line.slice(0, MOST_OF_TITLE - 1)}…` : line;
};

/**
 * Adds a comment to a thread: members whom it mentions get a notice, as does who opened the thread. Having written is
 * having answered, so the author's own notices about the thread are read.
 */
export async function addComment(
  tx: Transaction,
  { ctx }: Caller,
  written: {
    readonly review: Review;
    readonly thread: Pick<Thread, "id" | "openedBy">;
    readonly author: { readonly userId: string; readonly name: string };
    readonly body: string;
  },
): Promise<string> {
  const { review, thread, author, body } = written;
  const id = newId();
  const at = ctx.clock();
  const mentions = mentionedIn(body, await membersOf(tx, review.projectId));
  await tx.insert(reviewComments).values({
    id,
    projectId: review.projectId,
    threadId: thread.id,
    authorId: author.userId,
    body,
    mentions: [...mentions],
    createdAt: at,
  });
  await answerNotices(tx, { userId: author.userId, kinds: THREAD_NOTICES, entityId: thread.id, at });
  const notice = (userId: string, kind: (typeof THREAD_NOTICES)[number], words: string) => ({
    projectId: review.projectId,
    userId,
    kind,
    entity: { kind: "review_thread", id: thread.id },
    dedupeKey: `reviews.comment:${id}`,
    title: `${author.name} ${words} ${reviewName(review.number)}: ${excerptOf(body)}`,
  });
  const others = mentions.filter((userId) => userId !== author.userId);
  const isOpenerTold = thread.openedBy === author.userId || others.includes(thread.openedBy);
  await notifyPeople(tx, [
    ...others.map((userId) => notice(userId, "reviews.mentioned", "mentions you in")),
    ...(isOpenerTold ? [] : [notice(thread.openedBy, "reviews.replied", "answers you in")]),
  ]);
  return id;
}
