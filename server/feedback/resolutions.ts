import { and, desc, eq, isNull, type SQL } from "drizzle-orm";
import type { PgColumn } from "drizzle-orm/pg-core";
import type { Executor } from "@/db/client";
import { datasets, datasetVersions } from "@/db/schema/data";
import { experimentRuns } from "@/db/schema/experiments";
import { featureViews, featureViewVersions } from "@/db/schema/features";
import { pipelineRuns, pipelines } from "@/db/schema/pipelines";
import { modelVersions, registeredModels } from "@/db/schema/registry";
import { AppError } from "@/domain/errors";
import type { ResolutionKind } from "@/domain/feedback/types";
import type { LineageNode, NodeKind } from "@/domain/lineage/types";

/** What can close an item, by its name: `number` and `version` where its screen's address needs them. */
export type Resolution = {
  readonly id: string;
  readonly name: string;
  readonly version: number | null;
  readonly label: string;
};

type Lookup = (db: Executor, projectId: string, id: string | null) => Promise<readonly Resolution[]>;

const MOST = 20;

/** Rows of the project: the named one, or the newest. A run closes an item only where it succeeded. */
function wanted(columns: { project: PgColumn; id: PgColumn }, projectId: string, id: string | null): SQL | undefined {
  return and(eq(columns.project, projectId), id === null ? undefined : eq(columns.id, id));
}

const versioned = (rows: readonly { id: string; name: string; version: number }[]): readonly Resolution[] =>
  rows.map((row) => ({ ...row, label: `${row.name} v${row.version}` }));

const LOOKUPS: Readonly<Record<ResolutionKind, Lookup>> = {
  pipeline_run: async (db, projectId, id) => {
    const rows = await db
      .select({ id: pipelineRuns.id, name: pipelines.name, version: pipelineRuns.number })
      .from(pipelineRuns)
      .innerJoin(pipelines, eq(pipelines.id, pipelineRuns.pipelineId))
      .where(
        and(
          wanted({ project: pipelineRuns.projectId, id: pipelineRuns.id }, projectId, id),
          eq(pipelineRuns.state, "succeeded"),
        ),
      )
      .orderBy(desc(pipelineRuns.number))
      .limit(MOST);
    return rows.map((row) => ({ ...row, label: `${row.name} #${row.version}` }));
  },
  experiment_run: async (db, projectId, id) => {
    const rows = await db
      .select({ id: experimentRuns.id, name: experimentRuns.name })
      .from(experimentRuns)
      .where(
        and(
          wanted({ project: experimentRuns.projectId, id: experimentRuns.id }, projectId, id),
          eq(experimentRuns.lifecycle, "active"),
          eq(experimentRuns.status, "FINISHED"),
        ),
      )
      .orderBy(desc(experimentRuns.startMs))
      .limit(MOST);
    return rows.map((row) => ({ ...row, version: null, label: row.name }));
  },
  dataset_version: async (db, projectId, id) =>
    versioned(
      await db
        .select({ id: datasetVersions.id, name: datasets.name, version: datasetVersions.version })
        .from(datasetVersions)
        .innerJoin(datasets, eq(datasets.id, datasetVersions.datasetId))
        .where(wanted({ project: datasetVersions.projectId, id: datasetVersions.id }, projectId, id))
        .orderBy(desc(datasetVersions.id))
        .limit(MOST),
    ),
  feature_view_version: async (db, projectId, id) =>
    versioned(
      await db
        .select({ id: featureViewVersions.id, name: featureViews.name, version: featureViewVersions.version })
        .from(featureViewVersions)
        .innerJoin(featureViews, eq(featureViews.id, featureViewVersions.viewId))
        .where(wanted({ project: featureViewVersions.projectId, id: featureViewVersions.id }, projectId, id))
        .orderBy(desc(featureViewVersions.id))
        .limit(MOST),
    ),
  model_version: async (db, projectId, id) =>
    versioned(
      await db
        .select({ id: modelVersions.id, name: registeredModels.name, version: modelVersions.version })
        .from(modelVersions)
        .innerJoin(registeredModels, eq(registeredModels.id, modelVersions.modelId))
        .where(
          and(
            wanted({ project: modelVersions.projectId, id: modelVersions.id }, projectId, id),
            isNull(modelVersions.deletedAt),
          ),
        )
        .orderBy(desc(modelVersions.id))
        .limit(MOST),
    ),
};

const NODES: Readonly<Record<ResolutionKind, NodeKind>> = {
  pipeline_run: "pipeline_run",
  experiment_run: "experiment_run",
  dataset_version: "dataset_version",
  feature_view_version: "feature_view",
  model_version: "model_version",
};

/** The newest things of a kind that could close an item. */
export function listResolutions(db: Executor, projectId: string, kind: ResolutionKind): Promise<readonly Resolution[]> {
  return LOOKUPS[kind](db, projectId, null);
}

type Reference = { readonly kind: ResolutionKind; readonly id: string };

/** The thing that closed an item, as the project has it; null where it was deleted since. */
export async function resolutionById(db: Executor, projectId: string, { kind, id }: Reference) {
  const [found] = await LOOKUPS[kind](db, projectId, id);
  return found ? { ...found, kind } : null;
}

/** The thing that is to close an item, with its place in the lineage; `not_found` where the project does not have it. */
export async function findResolution(
  db: Executor,
  projectId: string,
  reference: Reference,
): Promise<Resolution & { readonly node: LineageNode }> {
  const found = await resolutionById(db, projectId, reference);
  if (!found) throw new AppError("not_found", reference.kind, "This project has no such thing, or it did not succeed.");
  return { ...found, node: { kind: NODES[reference.kind], reference: reference.id, label: found.label } };
}
