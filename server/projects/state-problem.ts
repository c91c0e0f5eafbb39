import { desc, eq } from "drizzle-orm";
import { problemStatements, projects } from "@/db/schema/projects";
import type { ProblemStatementInput } from "@/domain/projects/contracts";
import { writeAudit } from "../audit/write-audit";
import { personOf, type Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { newId } from "../ids";
import { publishEvent } from "../notifications/publish-event";

/** Adds a version of the problem statement; earlier ones stay as they were. */
export async function stateProblem(
  ctx: ServiceContext,
  scope: Scope<"projects.edit_problem">,
  input: ProblemStatementInput,
) {
  const person = personOf(scope);
  const id = newId();
  return ctx.db.transaction(async (tx) => {
    await tx.select({ id: projects.id }).from(projects).where(eq(projects.id, scope.projectId)).for("no key update");
    const [last] = await tx
      .select({ version: problemStatements.version })
      .from(problemStatements)
      .where(eq(problemStatements.projectId, scope.projectId))
      .orderBy(desc(problemStatements.version))
      .limit(1);
    const version = (last?.version ?? 0) + 1;
    await tx
      .insert(problemStatements)
      .values({ id, projectId: scope.projectId, version, createdBy: person.userId, ...input });
    await writeAudit(tx, {
      actor: scope.actor,
      organisationId: scope.organisationId,
      projectId: scope.projectId,
      action: "projects.problem_stated",
      entity: { kind: "problem_statement", id },
      summary: `stated the problem, version ${version}`,
      details: { version, ...input },
      requestId: ctx.requestId,
      at: ctx.clock(),
    });
    await publishEvent(tx, scope.projectId, "projects", scope.projectId);
    return { id, version };
  });
}
