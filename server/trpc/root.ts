import { auditRouter } from "../audit/router";
import { dataRouter } from "../data/router";
import { deploymentsRouter } from "../deployments/router";
import { experimentsRouter } from "../experiments/router";
import { featuresRouter } from "../features/router";
import { feedbackRouter } from "../feedback/router";
import { identityRouter } from "../identity/router";
import { lineageRouter } from "../lineage/router";
import { monitoringRouter } from "../monitoring/router";
import { notificationsRouter } from "../notifications/router";
import { pipelinesRouter } from "../pipelines/router";
import { projectsRouter } from "../projects/router";
import { promotionsRouter } from "../promotions/router";
import { registryRouter } from "../registry/router";
import { reviewsRouter } from "../reviews/router";
import { servingRouter } from "../serving/router";
import { createCallerFactory, router } from "./init";

/** One key per domain, named as its folder. */
export const appRouter = router({
  audit: auditRouter,
  data: dataRouter,
  deployments: deploymentsRouter,
  experiments: experimentsRouter,
  feedback: feedbackRouter,
  features: featuresRouter,
  identity: identityRouter,
  lineage: lineageRouter,
  pipelines: pipelinesRouter,
  monitoring: monitoringRouter,
  notifications: notificationsRouter,
  projects: projectsRouter,
  promotions: promotionsRouter,
  registry: registryRouter,
  reviews: reviewsRouter,
  serving: servingRouter,
});

export type AppRouter = typeof appRouter;
export const createCaller = createCallerFactory(appRouter);
