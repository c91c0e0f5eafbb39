import type { OutboxMessage } from "../outbox";

export const PIPELINE_RUN_WORKFLOW = "pipelineRunWorkflow";

export type PipelineRunInput = { readonly runId: string };

export function pipelineRunWorkflowId(runId: string): string {
  return `pipelines/run/${runId}`;
}

export function pipelineRunMessage(act: "start" | "cancel", runId: string): OutboxMessage {
  return { act, workflow: PIPELINE_RUN_WORKFLOW, workflowId: pipelineRunWorkflowId(runId), input: { runId } };
}
