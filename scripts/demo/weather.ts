import { readFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import type { ImportOptionsInput, SaveChecks } from "@/domain/data/contracts";
import { clientFor } from "./client";

export const WEATHER_FILE = path.join("examples", "seattle-rain", "data", "seattle-weather.csv");

/** Every fourth week from 1 January is kept back: no step ever receives it. */
const IS_HOLDOUT_WEEK = "((dayofyear(date) - 1) // 7) % 4 = 0";
const IN_2012 = "date < DATE '2013-01-01'";

/** The station and the season of a day, as the model's columns have them. */
const COLUMNS: Pick<ImportOptionsInput, "constants" | "derived"> = {
  constants: { station: "seattle" },
  derived: {
    season_sin: "sin(2 * pi() * dayofyear(date) / 365.25)",
    season_cos: "cos(2 * pi() * dayofyear(date) / 365.25)",
  },
};

export const DATASETS = {
  training: { name: "seattle-weather", isHoldout: false, filter: `${IN_2012} AND NOT (${IS_HOLDOUT_WEEK})` },
  holdout: { name: "seattle-weather-holdout", isHoldout: true, filter: `${IN_2012} AND ${IS_HOLDOUT_WEEK}` },
} as const;

const DESCRIPTIONS: Readonly<Record<keyof typeof DATASETS, string>> = {
  training: "Daily weather in Seattle in 2012 without every fourth week, which is kept back.",
  holdout: "Every fourth week of 2012: the platform alone judges models on it.",
};

export const CHECKS: SaveChecks["checks"] = [
  { kind: "not_null", column: "date" },
  { kind: "not_null", column: "precipitation" },
  { kind: "unique", columns: ["station", "date"] },
  { kind: "range", column: "precipitation", min: 0, max: 300 },
  { kind: "range", column: "temp_max", min: -30, max: 50 },
  { kind: "range", column: "wind", min: 0, max: 60 },
  { kind: "allowed_values", column: "station", values: ["seattle"] },
  // Weeks are kept back, so days lie at most eight apart.
  { kind: "gap_free_dates", column: "date", largestGapDays: 8 },
];

const imported = z.object({ id: z.uuid(), rows: z.number(), version: z.number() });

export type ImportTarget = { readonly url: string; readonly token: string; readonly projectId: string };

/** Makes a dataset and imports its share of the file, as a person does with the form. */
export async function importWeather(target: ImportTarget, which: keyof typeof DATASETS) {
  const { name, isHoldout, filter } = DATASETS[which];
  await clientFor(target.url, target.token).data.create.mutate({
    projectId: target.projectId,
    name,
    isHoldout,
    description: DESCRIPTIONS[which],
    source: "NOAA, by way of vega-datasets 3.2.1",
    licence: "US government work",
  });
  const options: ImportOptionsInput = { ...COLUMNS, filter };
  const query = new URLSearchParams({ source: "seattle-weather.csv", options: JSON.stringify(options) });
  const address = `${target.url}/api/v1/projects/${target.projectId}/datasets/${name}/versions?${query}`;
  const response = await fetch(address, {
    method: "POST",
    headers: { authorization: `Bearer ${target.token}`, "content-type": "text/csv" },
    body: await readFile(WEATHER_FILE),
  });
  if (!response.ok) throw new Error(`The weather could not be imported: ${await response.text()}`);
  return imported.parse(await response.json());
}
