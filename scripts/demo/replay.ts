import { readFile } from "node:fs/promises";
import { z } from "zod";
import { WEATHER_FILE } from "./weather";

export type Day = {
  readonly date: string;
  readonly inputs: Readonly<Record<string, number>>;
  readonly isWet: boolean;
};

const answer = z.object({ outputs: z.array(z.object({ name: z.string(), data: z.array(z.number()) })) });

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

/** Asks the production model for each day, one request a day with the day as event time; returns the predictions. */
export async function predictDays(
  target: { readonly gatewayUrl: string; readonly model: string; readonly token: string },
  days: readonly Day[],
): Promise<boolean[]> {
  const predictions: boolean[] = [];
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
    if (!response.ok) throw new Error(`The gateway did not answer for ${day.date}: ${await response.text()}`);
    const { outputs } = answer.parse(await response.json());
    const label = outputs.find((output) => output.name.includes("label")) ?? outputs[0];
    predictions.push(label?.data[0] === 1);
  }
  return predictions;
}

export function shareRight(days: readonly Day[], predictions: readonly boolean[]): number {
  return days.filter((day, index) => day.isWet === predictions[index]).length / days.length;
}
