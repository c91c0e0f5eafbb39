import { and, eq, inArray, isNull } from "drizzle-orm";
import { notifications } from "@/db/schema/notifications";
import type { Actor } from "../authz/actor";
import { userIdOf } from "../authz/actor";
import type { ServiceContext } from "../context";

/** Marks the person's own notices as read; ids that are not theirs change nothing. Answers how many were marked. */
export async function markRead(
  ctx: ServiceContext,
  actor: Actor,
  ids: readonly string[],
): Promise<{ readonly marked: number }> {
  const userId = userIdOf(actor);
  if (userId === null || ids.length === 0) return { marked: 0 };
  const rows = await ctx.db
    .update(notifications)
    .set({ readAt: ctx.clock() })
    .where(and(eq(notifications.userId, userId), inArray(notifications.id, [...ids]), isNull(notifications.readAt)))
    .returning({ id: notifications.id });
  return { marked: rows.length };
}
