import { projectsRouter } from "../projects/router";
import { createCallerFactory, router } from "./init";

/** One key per domain, named as its folder. */
export const appRouter = router({
  projects: projectsRouter,
});

export type AppRouter = typeof appRouter;
export const createCaller = createCallerFactory(appRouter);
