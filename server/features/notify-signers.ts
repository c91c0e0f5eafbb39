import { and, eq, inArray, isNull } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { memberships, users } from "@/db/schema/identity";
import { VIEW_SIGNERS } from "@/domain/features/policy";
import { notifyPeople } from "../notifications/notify-person";

/** Tells everybody who may sign a definition that it waits; once per person and version. */
export async function notifySigners(
  tx: Transaction,
  projectId: string,
  version: { readonly viewVersionId: string; readonly name: string; readonly approvalId: string },
): Promise<void> {
  const people = await tx
    .selectDistinct({ userId: memberships.userId })
    .from(memberships)
    .innerJoin(users, and(eq(users.id, memberships.userId), eq(users.kind, "person"), isNull(users.deactivatedAt)))
    .where(and(eq(memberships.projectId, projectId), inArray(memberships.role, [...VIEW_SIGNERS])));
  await notifyPeople(
    tx,
    people.map(({ userId }) => ({
      projectId,
      userId,
      kind: "features.asked",
      entity: { kind: "feature_view_version", id: version.viewVersionId },
      dedupeKey: `features.asked:${version.viewVersionId}`,
      title: `${version.name} waits for two signatures`,
    })),
  );
}
