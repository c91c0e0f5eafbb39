import { expect } from "../fixtures";
import type { Demonstration } from "../people";
import type { OwnModel } from "../reviews/own-model";

type Quarter = { readonly year: number; readonly quarter: 1 | 2 | 3 | 4 };
type Answered = { readonly requestId: string; readonly labels: readonly number[]; readonly afterwards: string };

const DAY_MS = 86_400_000;
/** Twenty labelled rows are the fewest on which a quarter is judged. */
const ROWS = 30;

/** A quarter of a pump's life: two a week, of which some shake and are hot. */
const pumps = Array.from({ length: ROWS }, (_, row) => ({
  temperature: 48 + row,
  vibration: 1.6 + row / 9,
  age_days: 100 + 60 * row,
}));

/** Asks production once for all days of a quarter, each row with its own event time. */
async function askFor(demo: Demonstration, own: OwnModel, { year, quarter }: Quarter): Promise<Answered> {
  const start = Date.UTC(year, 3 * (quarter - 1), 1);
  const eventTimes = pumps.map((_, row) => new Date(start + 3 * row * DAY_MS).toISOString());
  const response = await fetch(`${demo.gatewayUrl}/models/${own.model}/invocations`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${own.tokens.R3}` },
    body: JSON.stringify({ params: { event_time: eventTimes }, dataframe_records: pumps }),
  });
  const text = await response.text();
  expect(response.status, text).toBe(200);
  const { request_id, predictions } = JSON.parse(text) as { request_id: string; predictions: { label: number }[] };
  return {
    requestId: request_id,
    labels: predictions.map(({ label }) => label),
    // The truth is known when the quarter is over and its labels are due.
    afterwards: new Date(Date.UTC(year, 3 * quarter, 1) + 3 * DAY_MS).toISOString(),
  };
}

/** Labels as a program sends them. */
export function sendLabels(demo: Demonstration, token: string, labels: readonly object[]): Promise<Response> {
  return fetch(`${demo.url}/api/v1/labels`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
    body: JSON.stringify(labels),
  });
}

export type Label = {
  readonly request_id: string;
  readonly row: number;
  readonly value: number;
  readonly event_time: string;
};

/** A quarter passes: its answers, and then the truth about all of them, which agrees with them or says the opposite. */
export async function liveThrough(
  demo: Demonstration,
  own: OwnModel,
  wanted: Quarter & { readonly truth: "as answered" | "the opposite" },
): Promise<readonly Label[]> {
  const { requestId, labels, afterwards } = await askFor(demo, own, wanted);
  const sent = labels.map((label, row) => ({
    request_id: requestId,
    row,
    value: wanted.truth === "as answered" ? label : 1 - label,
    event_time: afterwards,
  }));
  const response = await sendLabels(demo, own.tokens.R3, sent);
  expect(await response.json()).toEqual({ accepted: ROWS, corrected: 0, repeated: 0 });
  return sent;
}
