import { and, arrayOverlaps, eq, inArray, isNull } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { approvals } from "@/db/schema/approvals";
import { memberships, oneTimeLinks, roleGrants } from "@/db/schema/identity";
import { pipelineRuns } from "@/db/schema/pipelines";
import { projects } from "@/db/schema/projects";
import type { Role } from "@/domain/identity/roles";

/** Something open that counts on a person: somebody else has to take it over. */
export type Duty = {
  readonly kind: "approval" | "run" | "grant" | "invitation";
  readonly id: string;
  readonly project: { readonly slug: string; readonly name: string } | null;
  /** Part of a sentence: "run #12 that they started". */
  readonly text: string;
};

const project = { slug: projects.slug, name: projects.name };

/** Open approvals that ask for a role they hold, open runs that they started, grants and invitations that they made. */
export async function openDuties(db: Executor, userId: string): Promise<readonly Duty[]> {
  const [signing, running, granting, inviting] = await Promise.all([
    openApprovals(db, userId),
    db
      .select({ id: pipelineRuns.id, number: pipelineRuns.number, project })
      .from(pipelineRuns)
      .innerJoin(projects, eq(projects.id, pipelineRuns.projectId))
      .where(and(eq(pipelineRuns.startedBy, userId), inArray(pipelineRuns.state, ["queued", "running", "cancelling"]))),
    db
      .select({ id: roleGrants.id })
      .from(roleGrants)
      .where(and(eq(roleGrants.requestedBy, userId), isNull(roleGrants.decidedAt))),
    db
      .select({ id: oneTimeLinks.id, email: oneTimeLinks.email })
      .from(oneTimeLinks)
      .where(and(eq(oneTimeLinks.createdBy, userId), eq(oneTimeLinks.kind, "invitation"), isNull(oneTimeLinks.usedAt))),
  ]);
  return [
    ...signing,
    ...running.map((run) => ({
      kind: "run" as const,
      id: run.id,
      project: run.project,
      text: `run #${run.number} that they started`,
    })),
    ...granting.map((grant) => ({
      kind: "grant" as const,
      id: grant.id,
      project: null,
      text: "a grant that they asked for and that waits for a second administrator",
    })),
    ...inviting.map((link) => ({
      kind: "invitation" as const,
      id: link.id,
      project: null,
      text: `the open invitation of ${link.email}, which becomes void`,
    })),
  ];
}

async function openApprovals(db: Executor, userId: string): Promise<readonly Duty[]> {
  const held = await db
    .select({ projectId: memberships.projectId, role: memberships.role })
    .from(memberships)
    .where(eq(memberships.userId, userId));
  const rolesByProject = new Map<string, Role[]>();
  for (const { projectId, role } of held)
    rolesByProject.set(projectId, [...(rolesByProject.get(projectId) ?? []), role]);
  const perProject = await Promise.all(
    [...rolesByProject].map(([projectId, roles]) =>
      db
        .select({ id: approvals.id, target: approvals.target, kind: approvals.subjectKind, project })
        .from(approvals)
        .innerJoin(projects, eq(projects.id, approvals.projectId))
        .where(
          and(
            eq(approvals.projectId, projectId),
            inArray(approvals.state, ["preparing", "open"]),
            arrayOverlaps(approvals.requiredRoles, roles),
          ),
        ),
    ),
  );
  return perProject.flat().map((row) => ({
    kind: "approval" as const,
    id: row.id,
    project: row.project,
    text: `a ${row.kind.replace("_", " ")} to ${row.target} that asks for a role they hold`,
  }));
}
