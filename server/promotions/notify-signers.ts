import { and, eq, inArray, isNull } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { approvals } from "@/db/schema/approvals";
import { memberships, users } from "@/db/schema/identity";
import { missingRoles } from "@/domain/approvals/policy";
import { loadSignOffs, rulesOf } from "../approvals/sign-offs";
import type { Caller } from "../audit/audit-caller";
import { notifyPeople } from "../notifications/notify-person";
import type { Promotion } from "./promotion-facts";

/** Tells everybody who can still give a missing signature; once per person and `key`. Returns whom. */
export async function notifySigners(
  tx: Transaction,
  { scope }: Caller,
  notice: { readonly promotion: Promotion; readonly title: string; readonly kind: string; readonly key: string },
): Promise<readonly string[]> {
  const { promotion, title, kind, key } = notice;
  const [approval] = promotion.approvalId
    ? await tx.select().from(approvals).where(eq(approvals.id, promotion.approvalId))
    : [];
  if (!approval) return [];
  const rules = rulesOf(approval);
  const missing = missingRoles(rules, await loadSignOffs(tx, approval.id));
  if (missing.length === 0) return [];
  const people = await tx
    .selectDistinct({ userId: memberships.userId })
    .from(memberships)
    .innerJoin(users, and(eq(users.id, memberships.userId), eq(users.kind, "person"), isNull(users.deactivatedAt)))
    .where(and(eq(memberships.projectId, scope.projectId), inArray(memberships.role, [...missing])));
  const able = people
    .map(({ userId }) => userId)
    .filter((userId) => !approval.barred.some((bar) => bar.userId === userId));
  await notifyPeople(
    tx,
    able.map((userId) => ({
      projectId: scope.projectId,
      userId,
      kind,
      entity: { kind: "promotion", id: promotion.id },
      dedupeKey: `${kind}:${promotion.id}:${key}`,
      title,
    })),
  );
  return able;
}
