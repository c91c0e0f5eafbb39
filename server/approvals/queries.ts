import { and, asc, eq, inArray } from "drizzle-orm";
import { approvalSignOffs, approvals } from "@/db/schema/approvals";
import { users } from "@/db/schema/identity";
import { environments, promotions } from "@/db/schema/promotions";
import { modelVersions, registeredModels } from "@/db/schema/registry";
import { refusalForPerson } from "@/domain/approvals/policy";
import { AppError } from "@/domain/errors";
import type { Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { rulesOf, signOffOf } from "./sign-offs";

/** What an approval is about, in words and with its number for the address. Other kinds of subjects say it in their target. */
async function subjectsOf(ctx: ServiceContext, promotionIds: readonly string[]) {
  if (promotionIds.length === 0) return new Map<string, { readonly title: string; readonly number: number }>();
  const rows = await ctx.db
    .select({
      id: promotions.id,
      number: promotions.number,
      model: registeredModels.name,
      version: modelVersions.version,
      environment: environments.name,
    })
    .from(promotions)
    .innerJoin(registeredModels, eq(registeredModels.id, promotions.modelId))
    .innerJoin(modelVersions, eq(modelVersions.id, promotions.modelVersionId))
    .innerJoin(environments, eq(environments.id, promotions.environmentId))
    .where(inArray(promotions.id, [...promotionIds]));
  return new Map(
    rows.map((row) => [row.id, { title: `${row.model} v${row.version} to ${row.environment}`, number: row.number }]),
  );
}

/** Open approvals that the caller could sign now, nearest deadline first: what waits for this person. */
export async function listWaitingForMe(ctx: ServiceContext, scope: Scope<"approvals.read">) {
  if (scope.actor.kind !== "person") return [];
  const { userId } = scope.actor;
  const open = await ctx.db
    .select()
    .from(approvals)
    .where(and(eq(approvals.projectId, scope.projectId), eq(approvals.state, "open")))
    .orderBy(asc(approvals.deadlineAt))
    .limit(200);
  if (open.length === 0) return [];
  const signOffs = await ctx.db
    .select()
    .from(approvalSignOffs)
    .where(
      inArray(
        approvalSignOffs.approvalId,
        open.map(({ id }) => id),
      ),
    );
  const waiting = open.flatMap((approval) => {
    const given = signOffs.filter((row) => row.approvalId === approval.id).map(signOffOf);
    const role =
      approval.blockingRules.length > 0
        ? undefined
        : approval.requiredRoles.find(
            (asRole) =>
              refusalForPerson(rulesOf(approval), given, { userId, isPerson: true, heldRoles: scope.roles, asRole }) ===
              null,
          );
    return role ? [{ approval, role }] : [];
  });
  const subjects = await subjectsOf(
    ctx,
    waiting.filter(({ approval }) => approval.subjectKind === "promotion").map(({ approval }) => approval.subjectId),
  );
  return waiting.map(({ approval, role }) => ({
    id: approval.id,
    subjectKind: approval.subjectKind,
    subjectId: approval.subjectId,
    title: subjects.get(approval.subjectId)?.title ?? approval.target,
    number: subjects.get(approval.subjectId)?.number ?? null,
    asRole: role,
    openRules: approval.openRules,
    createdAt: approval.createdAt,
    deadlineAt: approval.deadlineAt,
  }));
}

/** One approval of any kind with every signature that it got, outdated ones among them. */
export async function getApproval(ctx: ServiceContext, scope: Scope<"approvals.read">, approvalId: string) {
  const [approval] = await ctx.db
    .select()
    .from(approvals)
    .where(and(eq(approvals.id, approvalId), eq(approvals.projectId, scope.projectId)));
  if (!approval) throw new AppError("not_found", "approval", "There is no such approval.");
  const signatures = await ctx.db
    .select({ signOff: approvalSignOffs, name: users.name })
    .from(approvalSignOffs)
    .innerJoin(users, eq(users.id, approvalSignOffs.userId))
    .where(eq(approvalSignOffs.approvalId, approval.id))
    .orderBy(approvalSignOffs.id);
  return { ...approval, signatures: signatures.map(({ signOff, name }) => ({ ...signOff, name })) };
}
