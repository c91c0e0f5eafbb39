import type { InputDetails, QualityDetails } from "@/domain/monitoring/types";
import { windowName } from "@/domain/monitoring/windows";
import { isLowerBetter, metricText, metricTitle } from "@/domain/promotions/metrics";
import type { RouterOutputs } from "../providers/trpc";

export type Monitor = RouterOutputs["monitoring"]["get"];
export type MonitorRow = RouterOutputs["monitoring"]["list"][number];
export type Check = Monitor["checks"][number];
export type Threshold = Monitor["thresholds"][number];
export type AlertRow = RouterOutputs["monitoring"]["alerts"][number];

export type QualityCheck = Check & { readonly details: QualityDetails };
export type InputsCheck = Check & { readonly details: InputDetails };

export const isQuality = (check: Check): check is QualityCheck => check.details.kind === "quality";
export const isInputs = (check: Check): check is InputsCheck => check.details.kind === "inputs";

/** "floor", or "limit" of a metric of which less is better. */
export const floorWord = (metric: string) => (isLowerBetter(metric) ? "limit" : "floor");

/** "Accuracy 0.576 is under its floor of 0.65 in 2013 Q4". */
export function alertSentence(alert: Pick<AlertRow, "metric" | "value" | "limit" | "windowStart">): string {
  const side = isLowerBetter(alert.metric) ? "above" : "under";
  return `${metricTitle(alert.metric)} ${metricText(alert.value)} is ${side} its ${floorWord(alert.metric)} of ${alert.limit} in ${windowName(alert.windowStart)}`;
}

/** The greatest PSI of a window's inputs; null where there was no reference. */
export function worstDrift(check: InputsCheck) {
  const known = check.details.features.flatMap(({ name, drift }) => (drift ? [{ name, ...drift }] : []));
  return known.reduce<(typeof known)[number] | null>(
    (worst, drift) => (worst === null || drift.psi > worst.psi ? drift : worst),
    null,
  );
}

/** Share of requests that got no answer. */
export function failedShare({ details }: InputsCheck): number {
  const asked = details.requests + details.failed;
  return asked === 0 ? 0 : details.failed / asked;
}
