import { lineageRouter } from "../lineage/router";
import { projectsRouter } from "../projects/router";
import { createCallerFactory, router } from "./init";

/** One key per domain, named as its folder. */
export const appRouter = router({
  lineage: lineageRouter,
  projects: projectsRouter,
});

export type AppRouter = typeof appRouter;
export const createCaller = createCallerFactory(appRouter);
