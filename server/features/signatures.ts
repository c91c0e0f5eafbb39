import { and, eq, inArray, isNull } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { approvalSignOffs, approvals } from "@/db/schema/approvals";
import { memberships, users } from "@/db/schema/identity";
import { VIEW_SIGNERS } from "@/domain/features/policy";
import { rulesOf } from "../approvals/sign-offs";

/** Approvals by id, each with its rules and every signature that it got, outdated ones among them. */
export async function approvalsOf(db: Executor, approvalIds: readonly string[]) {
  if (approvalIds.length === 0) return new Map<string, never>();
  const [rows, signOffs] = await Promise.all([
    db
      .select()
      .from(approvals)
      .where(inArray(approvals.id, [...approvalIds])),
    db
      .select({ signOff: approvalSignOffs, name: users.name })
      .from(approvalSignOffs)
      .innerJoin(users, eq(users.id, approvalSignOffs.userId))
      .where(inArray(approvalSignOffs.approvalId, [...approvalIds]))
      .orderBy(approvalSignOffs.id),
  ]);
  return new Map(
    rows.map((approval) => [
      approval.id,
      {
        id: approval.id,
        rules: rulesOf(approval),
        deadlineAt: approval.deadlineAt,
        closedAt: approval.closedAt,
        signatures: signOffs
          .filter(({ signOff }) => signOff.approvalId === approval.id)
          .map(({ signOff: { statement: _, ...signOff }, name }) => ({ ...signOff, name })),
      },
    ]),
  );
}

/** People of the project who hold a role that signs definitions, for "can sign: Dana, Sam". */
export function signersIn(db: Executor, projectId: string) {
  return db
    .select({ userId: users.id, name: users.name, role: memberships.role })
    .from(memberships)
    .innerJoin(users, and(eq(users.id, memberships.userId), eq(users.kind, "person"), isNull(users.deactivatedAt)))
    .where(and(eq(memberships.projectId, projectId), inArray(memberships.role, [...VIEW_SIGNERS])))
    .orderBy(users.name);
}
