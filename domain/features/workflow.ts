import type { OutboxMessage } from "../outbox";

/** Type name, id and input of the workflow that copies a view's newest values to the online table. */
export const MATERIALIZATION_WORKFLOW = "materializationWorkflow";

export type MaterializationInput = { readonly materializationId: string };

export function materializationWorkflowId(materializationId: string): string {
  return `features/materialization/${materializationId}`;
}

export function materializationMessage(act: "start" | "nudge", materializationId: string): OutboxMessage {
  return {
    act,
    workflow: MATERIALIZATION_WORKFLOW,
    workflowId: materializationWorkflowId(materializationId),
    input: { materializationId },
  };
}
