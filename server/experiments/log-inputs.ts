import { runInputs } from "@/db/schema/experiments";
import { AppError } from "@/domain/errors";
import type { KeyValue } from "@/domain/experiments/types";
import type { Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { writableRun } from "./run-access";
import { tellRunActivity } from "./run-activity";

export const MODEL_INPUT = "mlflow.model";

export type DatasetInput = {
  readonly name: string;
  readonly digest: string;
  readonly sourceType: string;
  readonly source: string;
  readonly schema?: string | undefined;
  readonly profile?: string | undefined;
  readonly tags: readonly KeyValue[];
};
export type Inputs = { readonly datasets: readonly DatasetInput[]; readonly modelIds: readonly string[] };

/** Notes what a run read: datasets once per (name, digest), with the tags of the first time, and logged models. */
export async function logInputs(
  ctx: ServiceContext,
  scope: Scope<"experiments.write">,
  runId: string,
  inputs: Inputs,
): Promise<void> {
  for (const dataset of inputs.datasets) checkSizes(dataset);
  const run = await writableRun(ctx.db, scope, runId);
  const datasets = inputs.datasets.map(({ tags, schema, profile, ...dataset }) => {
    const all = Object.fromEntries(tags.map((tag) => [tag.key, tag.value]));
    return {
      ...dataset,
      runId: run.id,
      schema: schema ?? null,
      profile: profile ?? null,
      context: all["mlflow.data.context"] ?? null,
      tags: all,
    };
  });
  const models = inputs.modelIds.map((id) => ({
    runId: run.id,
    name: id,
    digest: id,
    sourceType: MODEL_INPUT,
    source: id,
  }));
  const rows = [...datasets, ...models].sort((a, b) => (`${a.name} ${a.digest}` < `${b.name} ${b.digest}` ? -1 : 1));
  if (rows.length === 0) return;
  await ctx.db.insert(runInputs).values(rows).onConflictDoNothing();
  await tellRunActivity(ctx, scope.projectId, run.id);
}

const MAX = { name: 500, digest: 36, source: 65_535, schema: 1_048_575, profile: 16_777_215 } as const;

function checkSizes(dataset: DatasetInput): void {
  for (const [field, limit] of Object.entries(MAX) as [keyof typeof MAX, number][]) {
    if ((dataset[field]?.length ?? 0) > limit)
      throw new AppError(
        "invalid_input",
        "dataset_size",
        `'${field}' exceeds the maximum length of ${limit} characters`,
      );
  }
}
