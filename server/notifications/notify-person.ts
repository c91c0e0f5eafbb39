import type { Executor } from "@/db/client";
import { notifications } from "@/db/schema/notifications";
import { newId } from "../ids";

export type Notice = {
  readonly projectId: string;
  readonly userId: string;
  readonly kind: string;
  readonly entity: { readonly kind: string; readonly id: string };
  /** Once per person and key, however often it is sent. */
  readonly dedupeKey: string;
  readonly title: string;
};

export async function notifyPeople(db: Executor, notices: readonly Notice[]): Promise<void> {
  if (notices.length === 0) return;
  await db
    .insert(notifications)
    .values(
      notices.map(({ entity, ...notice }) => ({
        ...notice,
        id: newId(),
        entityKind: entity.kind,
        entityId: entity.id,
      })),
    )
    .onConflictDoNothing();
}
