/** Names, ids and inputs of the workflows of monitoring. */
export const CHECK_WORKFLOW = "monitorCheckWorkflow";
export const ALERT_WORKFLOW = "alertWorkflow";
export const SCHEDULE_WORKFLOW = "monitorScheduleWorkflow";

/** `isAsked` is 1 where a person wants it: then a paused monitor is checked too. */
export type CheckInput = { readonly monitorId: string; readonly isAsked?: number };
export type AlertInput = { readonly projectId: string; readonly alertId: string };
export type ScheduleInput = { readonly monitorId: string };

/** Prefix of the workflows that a monitor's schedule starts; Temporal adds the instant. */
export function checkWorkflowId(monitorId: string): string {
  return `monitoring/check/${monitorId}`;
}

export function alertWorkflowId(alertId: string): string {
  return `monitoring/alert/${alertId}`;
}

/** Id of the Temporal Schedule of a monitor. */
export function scheduleId(monitorId: string): string {
  return `monitoring/schedule/${monitorId}`;
}

/** The workflow that makes the schedule as the record wants it. */
export function scheduleWorkflowId(monitorId: string): string {
  return `monitoring/monitor/${monitorId}`;
}
