import { readFile } from "node:fs/promises";
import { z } from "zod";
import { WEATHER_FILE } from "./weather";

export type Day = {
  readonly date: string;
  readonly inputs: Readonly<Record<string, number>>;
  readonly isWet: boolean;
};

/** Days of the file from `from` up to and without `to`, with the inputs that a caller of the model would send. */
export async function readDays(from: string, to: string): Promise<Day[]> {
  const [header = "", ...lines] = (await readFile(WEATHER_FILE, "utf8")).trim().split(/\r?\n/);
  const names = header.split(",");
  return lines
    .map((line) => Object.fromEntries(line.split(",").map((value, index) => [names[index] ?? "", value])))
    .filter((row) => (row.date ?? "") >= from && (row.date ?? "") < to)
    .map((row) => dayOf(row));
}

function dayOf(row: Readonly<Record<string, string>>): Day {
  const date = row.date ?? "";
  const start = Date.UTC(Number(date.slice(0, 4)), 0, 1);
  const dayOfYear = (Date.parse(date) - start) / 86_400_000 + 1;
  const angle = (2 * Math.PI * dayOfYear) / 365.25;
  return {
    date,
    inputs: {
      temp_max: Number(row.temp_max),
      temp_min: Number(row.temp_min),
      wind: Number(row.wind),
      season_sin: Math.sin(angle),
      season_cos: Math.cos(angle),
    },
    isWet: Number(row.precipitation) > 0,
  };
}

export type ReplayTarget = {
  readonly url: string;
  readonly gatewayUrl: string;
  readonly projectId: string;
  readonly model: string;
  readonly token: string;
};

export type Answered = { readonly day: Day; readonly requestId: string; readonly isWet: boolean };

const answer = z.object({ outputs: z.array(z.object({ name: z.string(), data: z.array(z.number()) })) });

/** Asks the production model for each day, one request a day with the day as event time. */
export async function predictDays(target: ReplayTarget, days: readonly Day[]): Promise<Answered[]> {
  const answered: Answered[] = [];
  for (const day of days) {
    const response = await fetch(`${target.gatewayUrl}/v2/models/${target.model}/infer`, {
      method: "POST",
      headers: { authorization: `Bearer ${target.token}`, "content-type": "application/json" },
      body: JSON.stringify({
        id: `seattle-${day.date}`,
        parameters: { event_time: `${day.date}T00:00:00Z` },
        inputs: [{ name: "features", shape: [1, 5], datatype: "FP64", data: Object.values(day.inputs) }],
      }),
    });
    if (!response.ok) throw new Error(`The gateway answered ${response.status}: ${await response.text()}`);
    const { outputs } = answer.parse(await response.json());
    const label = outputs.find((output) => output.name.includes("label")) ?? outputs[0];
    answered.push({ day, requestId: response.headers.get("x-request-id") ?? "", isWet: label?.data[0] === 1 });
  }
  return answered;
}

const DAY_MS = 86_400_000;
/** What fell on a day is known when it is over, and reported so many days later. */
export const LABEL_DELAY_DAYS = 2;

/** Sends the truth about each answer, with the time at which it became known as its event time. */
export async function sendLabels(target: ReplayTarget, answered: readonly Answered[]): Promise<void> {
  const response = await fetch(`${target.url}/api/v1/labels`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${target.token}`,
      "content-type": "application/json",
      "x-countersign-project": target.projectId,
    },
    body: JSON.stringify(
      answered.map(({ day, requestId }) => ({
        request_id: requestId,
        value: day.isWet ? 1 : 0,
        event_time: new Date(Date.parse(day.date) + (1 + LABEL_DELAY_DAYS) * DAY_MS).toISOString(),
      })),
    ),
  });
  if (!response.ok) throw new Error(`The labels were answered ${response.status}: ${await response.text()}`);
}

/** Share of days that were called right. */
export function shareRight(answered: readonly Answered[]): number {
  return answered.filter(({ day, isWet }) => day.isWet === isWet).length / answered.length;
}
