import { routeAlert } from "@/server/feedback/route-alert";
import type { WorkerServices } from "../activities";

/** The verbs that an alert's workflow calls. Each may be called again after a crash. */
export function feedbackActivities({ ctx }: Pick<WorkerServices, "ctx">) {
  return {
    routeAlert: async (alert: { readonly projectId: string; readonly alertId: string }): Promise<void> =>
      void (await routeAlert(ctx, alert)),
  };
}
export type FeedbackActivities = ReturnType<typeof feedbackActivities>;
