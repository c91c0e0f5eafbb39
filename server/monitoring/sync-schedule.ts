import { type Client, ScheduleNotFoundError, type ScheduleOptions, ScheduleOverlapPolicy } from "@temporalio/client";
import { inArray } from "drizzle-orm";
import { monitors } from "@/db/schema/monitoring";
import { CHECK_WORKFLOW, checkWorkflowId, scheduleId } from "@/domain/monitoring/workflow";
import type { ServiceContext } from "../context";
import { type Monitor, monitorById } from "./record";

type Parts = { readonly ctx: ServiceContext; readonly client: Client };

const DEADLINE_MS = 10_000;
const MOST = 1_000;

/** One check after another: while one runs, the next is skipped. */
function optionsOf({ ctx }: Parts, monitor: Pick<Monitor, "id" | "intervalSeconds" | "state">) {
  return {
    scheduleId: scheduleId(monitor.id),
    spec: { intervals: [{ every: `${monitor.intervalSeconds}s` }] },
    action: {
      type: "startWorkflow",
      workflowType: CHECK_WORKFLOW,
      workflowId: `${checkWorkflowId(monitor.id)}/scheduled`,
      taskQueue: ctx.config.temporal.taskQueue,
      args: [{ monitorId: monitor.id }],
    },
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: "10s" },
    state: { paused: monitor.state === "paused" },
  } satisfies ScheduleOptions;
}

/** Makes a monitor's schedule as the record wants it, whatever stands: made, changed, or taken away. */
export async function syncSchedule(parts: Parts, monitorId: string): Promise<"made" | "changed" | "kept" | "gone"> {
  const monitor = await monitorById(parts.ctx.db, monitorId);
  return parts.client.withDeadline(Date.now() + DEADLINE_MS, async () => {
    const handle = parts.client.schedule.getHandle(scheduleId(monitorId));
    try {
      if (!monitor || monitor.state === "deleted") {
        await handle.delete();
        return "gone";
      }
      const standing = await handle.describe();
      const every = standing.spec.intervals?.[0]?.every;
      const queue = standing.action.taskQueue;
      const isKept =
        every === monitor.intervalSeconds * 1_000 &&
        standing.state.paused === (monitor.state === "paused") &&
        queue === parts.ctx.config.temporal.taskQueue;
      if (isKept) return "kept";
      const { scheduleId: _, ...wanted } = optionsOf(parts, monitor);
      await handle.update(() => wanted);
      return "changed";
    } catch (error) {
      if (!(error instanceof ScheduleNotFoundError)) throw error;
      if (!monitor || monitor.state === "deleted") return "gone";
      return make(parts, monitor);
    }
  });
}

async function make(parts: Parts, monitor: Monitor): Promise<"made" | "kept"> {
  try {
    await parts.client.schedule.create(optionsOf(parts, monitor));
    return "made";
  } catch (error) {
    // Two at once: the other has made it.
    if (error instanceof Error && error.name === "ScheduleAlreadyRunning") return "kept";
    throw error;
  }
}

/** The reconciler's part: a schedule that was lost, or was changed from outside, is made again. */
export async function reconcileSchedules(parts: Parts): Promise<void> {
  const watched = await parts.ctx.db
    .select({ id: monitors.id, number: monitors.number })
    .from(monitors)
    .where(inArray(monitors.state, ["active", "paused"]))
    .limit(MOST);
  for (const { id, number } of watched) {
    const found = await syncSchedule(parts, id);
    if (found !== "kept")
      parts.ctx.log.warn({ monitorId: id, number, found }, "reconciler: a monitor's schedule was mended");
  }
}
