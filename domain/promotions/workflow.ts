/** Type name, id and input of the workflow that waits for a promotion. */
export const PROMOTION_WORKFLOW = "promotionWorkflow";

export type PromotionInput = { readonly promotionId: string };

export function promotionWorkflowId(promotionId: string): string {
  return `promotions/promotion/${promotionId}`;
}
