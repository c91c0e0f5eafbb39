import { type Client, WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from "@temporalio/client";
import { NUDGE, type OutboxMessage, stepQueueOf } from "@/domain/outbox";

/** How long one delivery may take before it counts as failed and is tried again. */
const DELIVERY_DEADLINE_MS = 5_000;

/**
 * Hands one message to Temporal. Delivering it again does no harm: a start of what was started is success,
 * a nudge says no more than "look again", and a cancelled workflow that has ended needs nothing.
 */
export async function deliver(client: Client, taskQueue: string, message: OutboxMessage): Promise<void> {
  await client.withDeadline(Date.now() + DELIVERY_DEADLINE_MS, async () => {
    const queue = message.queue === "steps" ? stepQueueOf(taskQueue) : taskQueue;
    if (message.act === "start") return start(client, queue, message);
    if (message.act === "nudge") return nudge(client, queue, message);
    return cancel(client, message);
  });
}

async function start(client: Client, taskQueue: string, message: OutboxMessage): Promise<void> {
  try {
    await client.workflow.start(message.workflow, {
      taskQueue,
      workflowId: message.workflowId,
      args: [message.input],
      workflowIdReusePolicy: "REJECT_DUPLICATE",
      workflowIdConflictPolicy: "USE_EXISTING",
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}

/** A closed workflow may be started again by a nudge: it reads the record and ends where nothing is left to wait for. */
async function nudge(client: Client, taskQueue: string, message: OutboxMessage): Promise<void> {
  await client.workflow.signalWithStart(message.workflow, {
    taskQueue,
    workflowId: message.workflowId,
    args: [message.input],
    signal: NUDGE,
    signalArgs: [],
    workflowIdReusePolicy: "ALLOW_DUPLICATE",
  });
}

async function cancel(client: Client, message: OutboxMessage): Promise<void> {
  try {
    await client.workflow.getHandle(message.workflowId).cancel();
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}
