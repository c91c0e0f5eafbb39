import { eq, inArray } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { datasets, datasetVersions } from "@/db/schema/data";
import { experiments } from "@/db/schema/experiments";
import { pipelineRuns, pipelines } from "@/db/schema/pipelines";
import { promotions } from "@/db/schema/promotions";
import { modelVersions, registeredModels } from "@/db/schema/registry";

/** Which screen shows an entity; the pages make the address of it. */
export type Target =
  | { readonly screen: "project" | "promotions" | "deployments" }
  | { readonly screen: "promotion" | "pipelineRun"; readonly number: number }
  | { readonly screen: "dataset" | "pipeline" | "experiment"; readonly name: string }
  | { readonly screen: "modelVersion"; readonly name: string; readonly version: number };

export type Entity = { readonly kind: string; readonly id: string };

const FIXED: Readonly<Record<string, Target>> = {
  project: { screen: "project" },
  problem_statement: { screen: "project" },
  ml_problem: { screen: "project" },
  policy_version: { screen: "promotions" },
  deployment: { screen: "deployments" },
};

type Found = readonly (readonly [id: string, target: Target])[];
type Lookup = (db: Executor, ids: string[]) => Promise<Found>;

/** One query a kind, however many entities. */
const LOOKUPS: Readonly<Record<string, Lookup>> = {
  promotion: async (db, ids) => {
    const rows = await db
      .select({ id: promotions.id, number: promotions.number })
      .from(promotions)
      .where(inArray(promotions.id, ids));
    return rows.map(({ id, number }) => [id, { screen: "promotion", number }]);
  },
  pipeline_run: async (db, ids) => {
    const rows = await db
      .select({ id: pipelineRuns.id, number: pipelineRuns.number })
      .from(pipelineRuns)
      .where(inArray(pipelineRuns.id, ids));
    return rows.map(({ id, number }) => [id, { screen: "pipelineRun", number }]);
  },
  pipeline: async (db, ids) => {
    const rows = await db
      .select({ id: pipelines.id, name: pipelines.name })
      .from(pipelines)
      .where(inArray(pipelines.id, ids));
    return rows.map(({ id, name }) => [id, { screen: "pipeline", name }]);
  },
  experiment: async (db, ids) => {
    const rows = await db
      .select({ id: experiments.id, name: experiments.name })
      .from(experiments)
      .where(inArray(experiments.id, ids));
    return rows.map(({ id, name }) => [id, { screen: "experiment", name }]);
  },
  dataset: async (db, ids) => {
    const rows = await db
      .select({ id: datasets.id, name: datasets.name })
      .from(datasets)
      .where(inArray(datasets.id, ids));
    return rows.map(({ id, name }) => [id, { screen: "dataset", name }]);
  },
  dataset_version: async (db, ids) => {
    const rows = await db
      .select({ id: datasetVersions.id, name: datasets.name })
      .from(datasetVersions)
      .innerJoin(datasets, eq(datasets.id, datasetVersions.datasetId))
      .where(inArray(datasetVersions.id, ids));
    return rows.map(({ id, name }) => [id, { screen: "dataset", name }]);
  },
  model_version: async (db, ids) => {
    const rows = await db
      .select({ id: modelVersions.id, name: registeredModels.name, version: modelVersions.version })
      .from(modelVersions)
      .innerJoin(registeredModels, eq(registeredModels.id, modelVersions.modelId))
      .where(inArray(modelVersions.id, ids));
    return rows.map(({ id, name, version }) => [id, { screen: "modelVersion", name, version }]);
  },
};

/** The screens of entities, by id. An entity that has none, or is gone, is absent. */
export async function targetsOf(db: Executor, entities: readonly Entity[]): Promise<ReadonlyMap<string, Target>> {
  const idsByKind = new Map<string, Set<string>>();
  for (const { kind, id } of entities) idsByKind.set(kind, (idsByKind.get(kind) ?? new Set()).add(id));
  const found = await Promise.all(
    [...idsByKind].map(async ([kind, ids]): Promise<Found> => {
      const fixed = FIXED[kind];
      if (fixed) return [...ids].map((id) => [id, fixed]);
      return (await LOOKUPS[kind]?.(db, [...ids])) ?? [];
    }),
  );
  return new Map(found.flat());
}
