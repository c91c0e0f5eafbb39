import { and, eq, inArray } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { approvalSignOffs, approvals } from "@/db/schema/approvals";
import { featureViews, featureViewVersions } from "@/db/schema/features";
import { users } from "@/db/schema/identity";
import { refusalForPerson } from "@/domain/approvals/policy";
import type { Role } from "@/domain/identity/roles";
import { rulesOf, signOffOf } from "../approvals/sign-offs";

type MyProject = { readonly id: string; readonly slug: string; readonly name: string; readonly roles: readonly Role[] };

/** Versions of feature views that a person may sign now, by the rule of signing itself, the nearest deadline first. */
export async function viewsToSign(db: Executor, userId: string, mine: readonly MyProject[]) {
  if (mine.length === 0) return [];
  const open = await db
    .select({
      approval: approvals,
      view: featureViews.name,
      version: featureViewVersions.version,
      author: users.name,
    })
    .from(approvals)
    .innerJoin(featureViewVersions, eq(featureViewVersions.approvalId, approvals.id))
    .innerJoin(featureViews, eq(featureViews.id, featureViewVersions.viewId))
    .innerJoin(users, eq(users.id, featureViewVersions.createdBy))
    .where(
      and(
        eq(approvals.state, "open"),
        inArray(
          approvals.projectId,
          mine.map((project) => project.id),
        ),
      ),
    )
    .orderBy(approvals.deadlineAt);
  if (open.length === 0) return [];
  const signed = await db
    .select()
    .from(approvalSignOffs)
    .where(
      inArray(
        approvalSignOffs.approvalId,
        open.map(({ approval }) => approval.id),
      ),
    );
  return open.flatMap(({ approval, ...version }) => {
    const project = mine.find((each) => each.id === approval.projectId);
    const signOffs = signed.filter((row) => row.approvalId === approval.id).map(signOffOf);
    const asRole = approval.requiredRoles.find(
      (role) =>
        refusalForPerson(rulesOf(approval), signOffs, {
          userId,
          isPerson: true,
          heldRoles: project?.roles ?? [],
          asRole: role,
        }) === null,
    );
    if (!project || !asRole) return [];
    const { slug, name } = project;
    return [{ ...version, id: approval.id, project: { slug, name }, asRole, deadlineAt: approval.deadlineAt }];
  });
}
