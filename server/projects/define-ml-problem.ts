import { desc, eq } from "drizzle-orm";
import { mlProblems, problemStatements, projects } from "@/db/schema/projects";
import { AppError } from "@/domain/errors";
import type { MlProblemInput } from "@/domain/projects/contracts";
import { writeAudit } from "../audit/write-audit";
import { personOf, type Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { newId } from "../ids";
import { publishEvent } from "../notifications/publish-event";

/** Adds a version of the ML problem definition, tied to the newest problem statement. */
export async function defineMlProblem(
  ctx: ServiceContext,
  scope: Scope<"projects.edit_ml_problem">,
  input: MlProblemInput,
) {
  const person = personOf(scope);
  const id = newId();
  return ctx.db.transaction(async (tx) => {
    await tx.select({ id: projects.id }).from(projects).where(eq(projects.id, scope.projectId)).for("no key update");
    const [statement] = await tx
      .select({ id: problemStatements.id })
      .from(problemStatements)
      .where(eq(problemStatements.projectId, scope.projectId))
      .orderBy(desc(problemStatements.version))
      .limit(1);
    if (!statement)
      throw new AppError(
        "precondition_failed",
        "no_problem_statement",
        "State the problem first: the threshold is tied to its KPI.",
      );
    const [last] = await tx
      .select({ version: mlProblems.version })
      .from(mlProblems)
      .where(eq(mlProblems.projectId, scope.projectId))
      .orderBy(desc(mlProblems.version))
      .limit(1);
    const version = (last?.version ?? 0) + 1;
    const row = {
      id,
      projectId: scope.projectId,
      version,
      problemStatementId: statement.id,
      createdBy: person.userId,
      ...input,
    };
    await tx.insert(mlProblems).values(row);
    await writeAudit(tx, {
      actor: scope.actor,
      organisationId: scope.organisationId,
      projectId: scope.projectId,
      action: "projects.ml_problem_defined",
      entity: { kind: "ml_problem", id },
      summary: `defined the ML problem, version ${version}`,
      details: { version, ...input },
      requestId: ctx.requestId,
      at: ctx.clock(),
    });
    await publishEvent(tx, scope.projectId, "projects", scope.projectId);
    return { id, version };
  });
}
