import type { Transaction } from "@/db/client";
import { SCHEDULE_WORKFLOW, scheduleWorkflowId } from "@/domain/monitoring/workflow";
import { enqueue } from "../outbox/enqueue";

/** Has the monitor's schedule made, changed or taken away as the record now says. */
export function askSchedule(tx: Transaction, monitorId: string, requestId: string): Promise<void> {
  return enqueue(
    tx,
    { act: "nudge", workflow: SCHEDULE_WORKFLOW, workflowId: scheduleWorkflowId(monitorId), input: { monitorId } },
    requestId,
  );
}
