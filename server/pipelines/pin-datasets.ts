import { stat } from "node:fs/promises";
import { AppError } from "@/domain/errors";
import { datasetKey, parseDatasetReference, withParameters } from "@/domain/pipelines/references";
import type { DatasetPin, DatasetPins, ParameterValues, Plan } from "@/domain/pipelines/types";
import type { ServiceContext } from "../context";
import { resolveDatasetVersion } from "../data/queries";

/** The references in a plan to dataset versions, as the definition writes them: inputs of steps and options of built-ins. */
function referencesOf(plan: Plan): readonly string[] {
  const references = plan.steps.flatMap((step) => {
    const inputs = step.inputs.flatMap((input) => (input.from === "dataset" ? [datasetKey(input)] : []));
    const option = step.work.kind === "builtin" ? step.work.options.dataset : undefined;
    const parsed = typeof option === "string" ? parseDatasetReference(option) : null;
    return parsed ? [...inputs, datasetKey(parsed)] : inputs;
  });
  return [...new Set(references)];
}

/**
 * Fixes the dataset versions that a run reads, so that "latest" means the same for each of its steps and
 * retries. An unknown dataset or version, or a hold-out, is refused before the run exists.
 */
export async function pinDatasets(
  ctx: ServiceContext,
  projectId: string,
  run: { plan: Plan; parameters: ParameterValues },
): Promise<DatasetPins> {
  const pins = await Promise.all(
    referencesOf(run.plan).map(
      async (key) => [key, await pin(ctx, projectId, { key, parameters: run.parameters })] as const,
    ),
  );
  return Object.fromEntries(pins);
}

async function pin(
  ctx: ServiceContext,
  projectId: string,
  { key, parameters }: { key: string; parameters: ParameterValues },
): Promise<DatasetPin> {
  const reference = parseDatasetReference(key);
  const version = reference && withParameters(reference.version, parameters);
  if (!reference || !version || !(version === "latest" || /^[1-9]\d{0,8}$/.test(version))) {
    throw new AppError(
      "invalid_input",
      "dataset_version",
      `"${key}" names no dataset version: its version has to be a number or latest.`,
    );
  }
  const found = await resolveDatasetVersion(
    ctx,
    projectId,
    reference.dataset,
    version === "latest" ? "latest" : Number(version),
  );
  const { size } = await stat(await ctx.blobs.localPath(found.parquetSha256));
  return {
    dataset: found.name,
    version: found.version,
    datasetVersionId: found.id,
    sha256: found.parquetSha256,
    bytes: size,
    rows: found.rows,
  };
}
