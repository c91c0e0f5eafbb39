import { Context } from "@temporalio/activity";
import { runCheck } from "@/server/monitoring/run-check";
import { syncSchedule } from "@/server/monitoring/sync-schedule";
import { openTemporalClient } from "@/server/outbox/temporal-client";
import type { WorkerServices } from "../activities";

const ALIVE_EVERY_MS = 2_000;

/** What the workflows of monitoring call. Each may be called again after a crash. */
export function monitoringActivities({ ctx }: Pick<WorkerServices, "ctx">) {
  return {
    runMonitorCheck: async (input: { readonly monitorId: string; readonly isAsked: boolean }) => {
      const { heartbeat } = Context.current();
      const timer = setInterval(() => heartbeat(), ALIVE_EVERY_MS);
      try {
        return (await runCheck(ctx, input))?.outcome ?? "The monitor does not run.";
      } finally {
        clearInterval(timer);
      }
    },
    syncMonitorSchedule: async (monitorId: string): Promise<string> => {
      const temporal = openTemporalClient(ctx.config);
      try {
        return await syncSchedule({ ctx, client: temporal.client }, monitorId);
      } finally {
        await temporal.close();
      }
    },
  };
}
export type MonitoringActivities = ReturnType<typeof monitoringActivities>;
