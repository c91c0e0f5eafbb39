import { auditRouter } from "../audit/router";
import { dataRouter } from "../data/router";
import { identityRouter } from "../identity/router";
import { lineageRouter } from "../lineage/router";
import { pipelinesRouter } from "../pipelines/router";
import { notificationsRouter } from "../notifications/router";
import { projectsRouter } from "../projects/router";
import { createCallerFactory, router } from "./init";

/** One key per domain, named as its folder. */
export const appRouter = router({
  audit: auditRouter,
  data: dataRouter,
  identity: identityRouter,
  lineage: lineageRouter,
  pipelines: pipelinesRouter,
  notifications: notificationsRouter,
  projects: projectsRouter,
});

export type AppRouter = typeof appRouter;
export const createCaller = createCallerFactory(appRouter);
