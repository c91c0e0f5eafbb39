import type { OutboxMessage } from "../outbox";

export const PIPELINE_RUN_WORKFLOW = "pipelineRunWorkflow";

export type PipelineRunInput = { readonly runId: string };

export function pipelineRunWorkflowId(runId: string): string {
  return `pipelines/run/${runId}`;
}

export function pipelineRunMessage(act: "start" | "cancel", runId: string): OutboxMessage {
  // On the queue of its steps, so that the server hands each step over with the answer to the decision before it.
  return {
    act,
    workflow: PIPELINE_RUN_WORKFLOW,
    workflowId: pipelineRunWorkflowId(runId),
    input: { runId },
    queue: "steps",
  };
}
