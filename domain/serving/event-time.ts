import { badRequest } from "./values";

/** How far ahead of arrival an event time may lie, for clocks that differ. */
export const EVENT_TIME_AHEAD_MS = 5 * 60_000;

const INSTANT = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

/**
 * Event time of each row in epoch milliseconds: absent means arrival, one value holds for all rows, a list gives
 * each row its own. A value is ISO 8601 text (without an offset: UTC) or epoch milliseconds.
 */
export function eventTimesOf(value: unknown, rows: number, arrivalMs: number): readonly number[] {
  if (value === undefined || value === null) return Array.from({ length: rows }, () => arrivalMs);
  if (!Array.isArray(value)) return Array.from({ length: rows }, constant(instantOf(value, arrivalMs)));
  if (value.length !== rows) throw badRequest("event_time", `event_time has ${value.length} values for ${rows} rows.`);
  return value.map((item) => instantOf(item, arrivalMs));
}

const constant = (value: number) => () => value;

function instantOf(value: unknown, arrivalMs: number): number {
  const ms =
    typeof value === "number"
      ? value
      : typeof value === "string" && INSTANT.test(value)
        ? Date.parse(withOffset(value))
        : Number.NaN;
  if (!Number.isFinite(ms) || Math.abs(ms) > 8.64e15)
    throw badRequest(
      "event_time",
      `event_time ${JSON.stringify(value)} is neither ISO 8601 text nor epoch milliseconds.`,
    );
  if (ms > arrivalMs + EVENT_TIME_AHEAD_MS)
    throw badRequest("event_time", `event_time ${JSON.stringify(value)} lies more than 5 minutes ahead.`);
  if (ms < 0) throw badRequest("event_time", `event_time ${JSON.stringify(value)} lies before 1970-01-01.`);
  return ms;
}

function withOffset(text: string): string {
  const iso = text.replace(" ", "T");
  return iso.length === 10 || /(Z|[+-]\d{2}:?\d{2})$/.test(iso) ? iso : `${iso}Z`;
}
