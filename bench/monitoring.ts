import { CHECKED_INPUTS, CHECKED_ROWS, type MonitoringTimes, timeMonitoring } from "@/server/testing/monitoring-speed";

export const MONITORING_AIM = { checkSeconds: 2, labelsPerSecond: 5_000 } as const;

/** A whole check, and the intake of labels, on a database of their own. */
export function benchMonitoring(): Promise<MonitoringTimes> {
  return timeMonitoring(process.env);
}

export function checkLine({ checkSeconds, driftsMeasured }: MonitoringTimes): string {
  return `monitoring, check over ${CHECKED_ROWS.toLocaleString("en-GB")} predictions with ${CHECKED_INPUTS} inputs: ${checkSeconds.toFixed(2)} s, drift of ${driftsMeasured} inputs measured (aim ${MONITORING_AIM.checkSeconds} s)`;
}

export function labelsLine({ labelsPerSecond }: MonitoringTimes): string {
  return `monitoring, label intake: ${labelsPerSecond.toFixed(0)}/s (aim ${MONITORING_AIM.labelsPerSecond}/s)`;
}
