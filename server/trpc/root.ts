import { auditRouter } from "../audit/router";
import { dataRouter } from "../data/router";
import { identityRouter } from "../identity/router";
import { lineageRouter } from "../lineage/router";
import { projectsRouter } from "../projects/router";
import { createCallerFactory, router } from "./init";

/** One key per domain, named as its folder. */
export const appRouter = router({
  audit: auditRouter,
  data: dataRouter,
  identity: identityRouter,
  lineage: lineageRouter,
  projects: projectsRouter,
});

export type AppRouter = typeof appRouter;
export const createCaller = createCallerFactory(appRouter);
