import { and, desc, eq, inArray } from "drizzle-orm";
import { datasets, datasetVersions } from "@/db/schema/data";
import { trainingSets } from "@/db/schema/features";
import { splitManifests } from "@/db/schema/lineage";
import { pipelineRuns } from "@/db/schema/pipelines";
import type { ImportOptions } from "@/domain/data/contracts";
import { AppError } from "@/domain/errors";
import type { SplitManifest } from "@/domain/lineage/types";
import { canonicalDigest } from "../blobs/digest";
import type { ServiceContext } from "../context";
import { countSharedRows } from "../data/shared-rows";
import { newId } from "../ids";

type Version = {
  readonly id: string;
  readonly dataset: string;
  readonly version: number;
  readonly digest: string;
  readonly rows: number;
  readonly importOptions: string;
};

/**
 * Writes down how each training set of a run was kept apart from the project's hold-outs: what was read, by which
 * import filter each side was cut, the bounds of time, and how many rows stand on both sides, counted by the row hash.
 * Nothing is written where the project has no hold-out, since then nothing was split. Once for each training set.
 */
export async function recordSplitManifests(
  ctx: ServiceContext,
  run: { readonly id: string; readonly projectId: string },
): Promise<void> {
  const made = await ctx.db
    .select()
    .from(trainingSets)
    .where(and(eq(trainingSets.runId, run.id), eq(trainingSets.projectId, run.projectId)));
  if (made.length === 0) return;
  const holdouts = await newestHoldouts(ctx, run.projectId);
  if (holdouts.length === 0) return;
  for (const set of made) {
    const inputs = await versionsById(ctx, run.projectId, await readBy(ctx, run.id, set.datasetVersionId));
    const sharedRows = await sharedBetween(ctx, holdouts, inputs);
    if (sharedRows === null) continue;
    const { text, digest } = canonicalDigest(manifestOf(set, { holdouts, inputs, sharedRows }));
    await ctx.db
      .insert(splitManifests)
      .values({
        id: newId(),
        projectId: run.projectId,
        runId: run.id,
        trainingSetId: set.id,
        trainingRows: set.rows,
        holdoutRows: holdouts.reduce((sum, holdout) => sum + holdout.rows, 0),
        sharedRows,
        text,
        digest,
        createdAt: ctx.clock(),
      })
      .onConflictDoNothing();
  }
}

const VERSION = {
  id: datasetVersions.id,
  dataset: datasets.name,
  version: datasetVersions.version,
  digest: datasetVersions.digest,
  rows: datasetVersions.rows,
  importOptions: datasetVersions.importOptions,
};

function newestHoldouts(ctx: ServiceContext, projectId: string): Promise<readonly Version[]> {
  return ctx.db
    .selectDistinctOn([datasetVersions.datasetId], VERSION)
    .from(datasetVersions)
    .innerJoin(datasets, eq(datasets.id, datasetVersions.datasetId))
    .where(and(eq(datasetVersions.projectId, projectId), eq(datasets.isHoldout, true)))
    .orderBy(datasetVersions.datasetId, desc(datasetVersions.version));
}

/** The dataset version of the features, and every other that the run was given. */
async function readBy(ctx: ServiceContext, runId: string, featuresFrom: string): Promise<string[]> {
  const [run] = await ctx.db
    .select({ datasets: pipelineRuns.datasets })
    .from(pipelineRuns)
    .where(eq(pipelineRuns.id, runId));
  const pins = Object.values(run?.datasets ?? {}).map((pin) => pin.datasetVersionId);
  return [...new Set([featuresFrom, ...pins])];
}

function versionsById(ctx: ServiceContext, projectId: string, ids: readonly string[]): Promise<readonly Version[]> {
  return ctx.db
    .select(VERSION)
    .from(datasetVersions)
    .innerJoin(datasets, eq(datasets.id, datasetVersions.datasetId))
    .where(and(eq(datasetVersions.projectId, projectId), inArray(datasetVersions.id, [...ids])))
    .orderBy(datasets.name, datasetVersions.version);
}

/** Null where the rows cannot be compared; a fault that is not an expected refusal is thrown on. */
async function sharedBetween(
  ctx: ServiceContext,
  holdouts: readonly Version[],
  inputs: readonly Version[],
): Promise<number | null> {
  try {
    let shared = 0;
    for (const holdout of holdouts) {
      const { others } = await countSharedRows(
        ctx,
        holdout.id,
        inputs.map((input) => input.id),
      );
      shared += others.reduce((sum, other) => sum + other.shared, 0);
    }
    return shared;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    ctx.log.info({ err: error }, "the two sides of a split could not be compared");
    return null;
  }
}

type Sides = {
  readonly holdouts: readonly Version[];
  readonly inputs: readonly Version[];
  readonly sharedRows: number;
};

function manifestOf(set: typeof trainingSets.$inferSelect, { holdouts, inputs, sharedRows }: Sides): SplitManifest {
  const side = ({ dataset, version, digest, rows, importOptions }: Version) => ({
    dataset,
    version,
    digest,
    rows,
    filter: (JSON.parse(importOptions) as ImportOptions).filter ?? null,
  });
  const { view, from, to, eventTimeColumn } = set.manifest;
  return {
    method: "import filters and bounds of the event time",
    training: { sha256: set.parquetSha256, rows: set.rows, view, eventTimeColumn, from, to, read: inputs.map(side) },
    holdout: holdouts.map(side),
    sharedRows,
  };
}
