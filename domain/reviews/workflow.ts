import type { OutboxMessage } from "../outbox";

/** Type name, id and input of the workflow that freezes a review's evidence whenever something in it changed. */
export const REVIEW_EVIDENCE_WORKFLOW = "reviewEvidenceWorkflow";

export type ReviewEvidenceInput = { readonly reviewId: string };

export function reviewEvidenceWorkflowId(reviewId: string): string {
  return `reviews/review/${reviewId}`;
}

/** Asks for the evidence: starts the workflow where none runs, else makes the running one look again. */
export function reviewEvidenceNudge(reviewId: string): OutboxMessage {
  return {
    act: "nudge",
    workflow: REVIEW_EVIDENCE_WORKFLOW,
    workflowId: reviewEvidenceWorkflowId(reviewId),
    input: { reviewId },
  };
}
