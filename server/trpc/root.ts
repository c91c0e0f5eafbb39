import { auditRouter } from "../audit/router";
import { dataRouter } from "../data/router";
import { deploymentsRouter } from "../deployments/router";
import { experimentsRouter } from "../experiments/router";
import { identityRouter } from "../identity/router";
import { lineageRouter } from "../lineage/router";
import { notificationsRouter } from "../notifications/router";
import { pipelinesRouter } from "../pipelines/router";
import { projectsRouter } from "../projects/router";
import { promotionsRouter } from "../promotions/router";
import { registryRouter } from "../registry/router";
import { servingRouter } from "../serving/router";
import { createCallerFactory, router } from "./init";

/** One key per domain, named as its folder. */
export const appRouter = router({
  audit: auditRouter,
  data: dataRouter,
  deployments: deploymentsRouter,
  experiments: experimentsRouter,
  identity: identityRouter,
  lineage: lineageRouter,
  pipelines: pipelinesRouter,
  notifications: notificationsRouter,
  projects: projectsRouter,
  promotions: promotionsRouter,
  registry: registryRouter,
  serving: servingRouter,
});

export type AppRouter = typeof appRouter;
export const createCaller = createCallerFactory(appRouter);
