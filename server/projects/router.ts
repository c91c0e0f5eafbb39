import { z } from "zod";
import { createProjectInput, mlProblemInput, problemStatementInput } from "@/domain/projects/contracts";
import { organisationProcedure, projectProcedure, router, signedInProcedure } from "../trpc/init";
import { createProject } from "./create-project";
import { defineMlProblem } from "./define-ml-problem";
import { getProcessMap } from "./process-map/queries";
import { getProject, listProjects, projectHistory } from "./queries";
import { stateProblem } from "./state-problem";

export const projectsRouter = router({
  /** The projects in which the person has a role, or all for an administrator. */
  list: signedInProcedure.query(({ ctx }) => listProjects(ctx, ctx.actor)),
  bySlug: signedInProcedure
    .input(z.object({ slug: z.string() }))
    .query(({ ctx, input }) => getProject(ctx, ctx.actor, input.slug)),
  history: projectProcedure("projects.read").query(({ ctx }) => projectHistory(ctx, ctx.scope)),
  /** Each step of the process with what it left behind, and what is still to do. */
  processMap: projectProcedure("projects.read").query(({ ctx }) => getProcessMap(ctx, ctx.scope)),
  create: organisationProcedure("projects.create")
    .input(createProjectInput)
    .mutation(({ ctx, input }) => createProject(ctx, ctx.scope, input)),
  stateProblem: projectProcedure("projects.edit_problem")
    .input(problemStatementInput)
    .mutation(({ ctx, input }) => stateProblem(ctx, ctx.scope, input)),
  defineMlProblem: projectProcedure("projects.edit_ml_problem")
    .input(mlProblemInput)
    .mutation(({ ctx, input }) => defineMlProblem(ctx, ctx.scope, input)),
});
