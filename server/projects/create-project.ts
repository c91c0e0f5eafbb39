import { and, eq } from "drizzle-orm";
import { memberships } from "@/db/schema/identity";
import { projectCounters, projects } from "@/db/schema/projects";
import { environments } from "@/db/schema/promotions";
import { AppError } from "@/domain/errors";
import { type CreateProject, slugOf } from "@/domain/projects/contracts";
import { writeAudit } from "../audit/write-audit";
import { type OrganisationScope, personOf } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { newId } from "../ids";

/** A project with its two environments. A stakeholder who creates one is its stakeholder; an administrator grants the roles. */
export async function createProject(
  ctx: ServiceContext,
  scope: OrganisationScope<"projects.create">,
  input: CreateProject,
) {
  const person = personOf(scope);
  const id = newId();
  const slug = slugOf(input.name);
  await ctx.db.transaction(async (tx) => {
    const [taken] = await tx
      .select({ id: projects.id })
      .from(projects)
      .where(and(eq(projects.organisationId, scope.organisationId), eq(projects.slug, slug)));
    if (taken) throw new AppError("already_exists", "project_name", "A project of this name exists already.");
    await tx
      .insert(projects)
      .values({ id, organisationId: scope.organisationId, slug, createdBy: person.userId, ...input });
    await tx.insert(projectCounters).values({ projectId: id });
    await tx.insert(environments).values([
      { id: newId(), projectId: id, name: "staging" as const, requires: null },
      { id: newId(), projectId: id, name: "production" as const, requires: "staging" as const },
    ]);
    if (scope.roles.includes("R1")) {
      await tx
        .insert(memberships)
        .values({ projectId: id, userId: person.userId, role: "R1", grantedBy: person.userId });
    }
    await writeAudit(tx, {
      actor: scope.actor,
      organisationId: scope.organisationId,
      projectId: id,
      action: "projects.created",
      entity: { kind: "project", id },
      summary: `created the project ${input.name}`,
      details: { slug, risk: input.risk },
      requestId: ctx.requestId,
      at: ctx.clock(),
    });
  });
  return { id, slug };
}
