import { existsSync, openAsBlob, readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { checkSpecSchema, importOptionsSchema } from "@/domain/data/contracts";
import { CliError, EXIT } from "../cli-error";
import type { Place } from "./run";

const imported = z.object({ version: z.number().int(), rows: z.number(), isNew: z.boolean(), id: z.uuid() });
const dataset = z.object({ id: z.uuid(), name: z.string(), isHoldout: z.boolean() });
const report = z.object({
  hasPassed: z.boolean(),
  results: z.array(z.object({ verdict: z.enum(["pass", "fail", "error"]), message: z.string() })),
});

export type ImportOptions = {
  readonly options: string | null;
  readonly create: boolean;
  readonly holdout: boolean;
  readonly description: string;
  readonly source: string;
  readonly licence: string;
};

/** Sends a CSV file as a version of a dataset, which is made first where that was asked for. */
export async function importData(place: Place, name: string, file: string, given: ImportOptions): Promise<void> {
  if (!existsSync(file)) throw new CliError(`There is no file ${file}.`, EXIT.usage);
  const options = given.options === null ? {} : readJson(given.options, importOptionsSchema);
  const { client, project, output } = place;
  if (given.create) await createDataset(place, name, given);
  const query = new URLSearchParams({ source: path.basename(file), options: JSON.stringify(options) });
  const address = `/api/v1/projects/${project.id}/datasets/${encodeURIComponent(name)}/versions?${query}`;
  const answer = await client.upload(address, { body: await openAsBlob(file), contentType: "text/csv" }, imported);
  output.line(
    answer.isNew
      ? `Imported ${name} v${answer.version}: ${answer.rows} rows.`
      : `${name} v${answer.version} holds this file with these options already; nothing changed.`,
  );
}

async function createDataset({ client, project, output }: Place, name: string, given: ImportOptions): Promise<void> {
  const known = await client.query("data.list", { projectId: project.id }, z.array(dataset));
  const there = known.find((candidate) => candidate.name === name);
  if (there && given.holdout && !there.isHoldout)
    throw new CliError(`${name} exists and is for training: steps may have read it, so it cannot become a hold-out.`);
  if (there) return;
  const { description, source, licence, holdout } = given;
  await client.mutate(
    "data.create",
    { projectId: project.id, name, description, source, licence, isHoldout: holdout },
    z.unknown(),
  );
  output.line(`Created the dataset ${name}${holdout ? " as a hold-out" : ""}.`);
}

/** Saves the checks of a dataset, and runs them on its newest version where it has one. */
export async function saveChecks(place: Place, name: string, file: string): Promise<boolean> {
  const checks = readJson(file, z.array(checkSpecSchema));
  const { client, project, output } = place;
  const found = await client.query(
    "data.byName",
    { projectId: project.id, name },
    z.object({ id: z.uuid(), versions: z.array(z.object({ id: z.uuid(), version: z.number().int() })) }),
  );
  await client.mutate("data.saveChecks", { projectId: project.id, datasetId: found.id, checks }, z.unknown());
  output.line(`Saved ${checks.length} checks of ${name}.`);
  const [newest] = [...found.versions].sort((a, b) => b.version - a.version);
  if (!newest) return true;
  const { hasPassed, results } = await client.mutate(
    "data.validate",
    { projectId: project.id, datasetVersionId: newest.id },
    report,
  );
  for (const result of results) output.line(`  ${result.verdict}  ${result.message}`);
  return hasPassed;
}

function readJson<T>(file: string, shape: z.ZodType<T>): T {
  if (!existsSync(file)) throw new CliError(`There is no file ${file}.`, EXIT.usage);
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new CliError(`${file} is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const parsed = shape.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new CliError(
    parsed.error.issues.map((issue) => `${file}: ${issue.path.join(".") || "the whole"}: ${issue.message}`).join("\n"),
  );
}
