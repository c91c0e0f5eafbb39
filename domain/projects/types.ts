/** low: internal and reversible. medium: customers or money. high: legal, safety or personal effect. */
export const RISK_CLASSES = ["low", "medium", "high"] as const;
export type RiskClass = (typeof RISK_CLASSES)[number];
