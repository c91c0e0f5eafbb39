import { readFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { checkSpecSchema, importOptionsSchema } from "@/domain/data/contracts";
import { createViewInput } from "@/domain/features/contracts";
import { clientFor } from "./client";

const EXAMPLE = path.join("examples", "seattle-rain");
export const WEATHER_FILE = path.join(EXAMPLE, "data", "seattle-weather.csv");

/** What is imported, and when: 2012 at first, of which every fourth week is kept back; 2013 a quarter at a time. */
const DATASETS = {
  training: {
    name: "seattle-weather",
    isHoldout: false,
    description: "Daily weather in Seattle. Its first version is 2012 without every fourth week, which is kept back.",
  },
  holdout: {
    name: "seattle-weather-holdout",
    isHoldout: true,
    description: "Every fourth week of 2012: the platform alone judges models on it.",
  },
  lastQuarter: {
    name: "seattle-weather-2013-q4",
    isHoldout: true,
    description: "The fourth quarter of 2013, in which the first model failed: the platform alone judges models on it.",
  },
} as const;

const ORIGIN = { source: "NOAA, by way of vega-datasets 3.2.1", licence: "US government work" } as const;

const imported = z.object({ id: z.uuid(), rows: z.number(), version: z.number() });

export type ImportTarget = { readonly url: string; readonly token: string; readonly projectId: string };

async function readExample(...parts: readonly string[]): Promise<unknown> {
  return JSON.parse(await readFile(path.join(EXAMPLE, ...parts), "utf8"));
}

export async function readChecks() {
  return z.array(checkSpecSchema).parse(await readExample("checks.json"));
}

export type Share = {
  readonly dataset: keyof typeof DATASETS;
  /** Rows that are imported, as a condition over the file's columns; left out, the example's own. */
  readonly filter?: string;
};

/** Makes a dataset where it is missing and imports a share of the file, as a person does with the form. */
export async function importWeather(target: ImportTarget, { dataset: which, filter }: Share) {
  const dataset = DATASETS[which];
  const api = clientFor(target.url, target.token);
  const { projectId } = target;
  const known = (await api.data.list.query({ projectId })).some((candidate) => candidate.name === dataset.name);
  if (!known) await api.data.create.mutate({ projectId, ...dataset, ...ORIGIN });
  const example = importOptionsSchema.parse(
    await readExample("imports", which === "holdout" ? "holdout.json" : "training.json"),
  );
  const options = filter === undefined ? example : { ...example, filter };
  const query = new URLSearchParams({ source: "seattle-weather.csv", options: JSON.stringify(options) });
  const address = `${target.url}/api/v1/projects/${target.projectId}/datasets/${dataset.name}/versions?${query}`;
  const response = await fetch(address, {
    method: "POST",
    headers: { authorization: `Bearer ${target.token}`, "content-type": "text/csv" },
    body: await readFile(WEATHER_FILE),
  });
  if (!response.ok) throw new Error(`The weather could not be imported: ${await response.text()}`);
  return imported.parse(await response.json());
}

/** The feature view of the example, as its file describes it. */
export async function readView() {
  return createViewInput.parse(await readExample("features", "daily_weather.json"));
}
