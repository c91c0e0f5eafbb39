import { and, desc, eq, or, sql } from "drizzle-orm";
import { memberships, users } from "@/db/schema/identity";
import { mlProblems, problemStatements, projects } from "@/db/schema/projects";
import { AppError } from "@/domain/errors";
import type { Role } from "@/domain/identity/roles";
import type { Actor } from "../authz/actor";
import { authorize, type Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";

/** Projects that the person may see, with their roles in each; an administrator and an auditor see all. */
export async function listProjects(ctx: ServiceContext, actor: Actor) {
  if (actor.kind !== "person" && actor.kind !== "service") return [];
  const rows = await ctx.db
    .select({
      id: projects.id,
      slug: projects.slug,
      name: projects.name,
      description: projects.description,
      risk: projects.risk,
      createdAt: projects.createdAt,
      roles: sql<Role[] | null>`array_agg(${memberships.role}) filter (where ${memberships.role} is not null)`,
      standing: users.standing,
    })
    .from(projects)
    .innerJoin(users, and(eq(users.id, actor.userId), eq(users.organisationId, projects.organisationId)))
    .leftJoin(memberships, and(eq(memberships.projectId, projects.id), eq(memberships.userId, users.id)))
    .where(actor.token?.projectId ? eq(projects.id, actor.token.projectId) : undefined)
    .groupBy(projects.id, users.standing)
    .having(or(sql`count(${memberships.role}) > 0`, sql`${users.standing} <> 'member'`))
    .orderBy(projects.name);
  return rows.map(({ standing, roles, ...project }) => ({
    ...project,
    roles: [...(roles ?? []), ...(standing === "member" ? [] : [standing])] as Role[],
  }));
}

/** One project by its slug, with the newest problem statement and ML problem, and the person's roles in it. */
export async function getProject(ctx: ServiceContext, actor: Actor, slug: string) {
  const project = (await listProjects(ctx, actor)).find((candidate) => candidate.slug === slug);
  if (!project) throw new AppError("not_found", "project", "There is no such project.");
  await authorize(ctx, actor, "projects.read", project.id);
  const [[problemStatement], [mlProblem]] = await Promise.all([
    ctx.db
      .select()
      .from(problemStatements)
      .where(eq(problemStatements.projectId, project.id))
      .orderBy(desc(problemStatements.version))
      .limit(1),
    ctx.db
      .select()
      .from(mlProblems)
      .where(eq(mlProblems.projectId, project.id))
      .orderBy(desc(mlProblems.version))
      .limit(1),
  ]);
  return { ...project, problemStatement: problemStatement ?? null, mlProblem: mlProblem ?? null };
}

/** Every version of the problem statement and of the ML problem definition, newest first, with who wrote it. */
export async function projectHistory(ctx: ServiceContext, scope: Scope<"projects.read">) {
  const [statements, definitions] = await Promise.all([
    ctx.db
      .select({ statement: problemStatements, author: users.name })
      .from(problemStatements)
      .innerJoin(users, eq(users.id, problemStatements.createdBy))
      .where(eq(problemStatements.projectId, scope.projectId))
      .orderBy(desc(problemStatements.version)),
    ctx.db
      .select({ definition: mlProblems, author: users.name, statementVersion: problemStatements.version })
      .from(mlProblems)
      .innerJoin(users, eq(users.id, mlProblems.createdBy))
      .innerJoin(problemStatements, eq(problemStatements.id, mlProblems.problemStatementId))
      .where(eq(mlProblems.projectId, scope.projectId))
      .orderBy(desc(mlProblems.version)),
  ]);
  return {
    statements: statements.map(({ statement, author }) => ({ ...statement, author })),
    definitions: definitions.map(({ definition, ...rest }) => ({ ...definition, ...rest })),
  };
}
