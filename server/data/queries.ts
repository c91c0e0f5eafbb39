import { and, desc, eq, inArray, or, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { checkSets, datasets, datasetVersions, validationReports } from "@/db/schema/data";
import { users } from "@/db/schema/identity";
import { lineageEdges, lineageNodes } from "@/db/schema/lineage";
import { pipelineRuns } from "@/db/schema/pipelines";
import type { Preview } from "@/domain/data/contracts";
import { AppError } from "@/domain/errors";
import type { Scope } from "../authz/authorize";
import type { ServiceContext } from "../context";
import { type Row, withDuckDb } from "./duckdb";
import { literal } from "./sql-text";

type Readable = Scope<"data.read">;

/** Datasets by name, each with its newest version and that version's newest report. */
export async function listDatasets(ctx: ServiceContext, scope: Readable) {
  const [all, newest] = await Promise.all([
    ctx.db.select().from(datasets).where(eq(datasets.projectId, scope.projectId)).orderBy(datasets.name),
    ctx.db
      .selectDistinctOn([datasetVersions.datasetId], {
        id: datasetVersions.id,
        datasetId: datasetVersions.datasetId,
        version: datasetVersions.version,
        rows: datasetVersions.rows,
        bytes: datasetVersions.bytes,
        columns: sql<number>`jsonb_array_length(${datasetVersions.schema})`,
        createdAt: datasetVersions.createdAt,
      })
      .from(datasetVersions)
      .where(eq(datasetVersions.projectId, scope.projectId))
      .orderBy(datasetVersions.datasetId, desc(datasetVersions.version)),
  ]);
  const verdicts = await newestVerdicts(
    ctx,
    newest.map((version) => version.id),
  );
  const byDataset = new Map(
    newest.map((version) => [version.datasetId, { ...version, hasPassed: verdicts.get(version.id) ?? null }]),
  );
  return all.map((dataset) => ({ ...dataset, newest: byDataset.get(dataset.id) ?? null }));
}

async function newestVerdicts(
  ctx: ServiceContext,
  versionIds: readonly string[],
): Promise<ReadonlyMap<string, boolean>> {
  if (versionIds.length === 0) return new Map();
  const rows = await ctx.db
    .selectDistinctOn([validationReports.datasetVersionId], {
      id: validationReports.datasetVersionId,
      hasPassed: validationReports.hasPassed,
    })
    .from(validationReports)
    .where(inArray(validationReports.datasetVersionId, [...versionIds]))
    .orderBy(validationReports.datasetVersionId, desc(validationReports.createdAt));
  return new Map(rows.map((row) => [row.id, row.hasPassed]));
}

/** One dataset with its versions, newest first, and its present checks. */
export async function getDataset(ctx: ServiceContext, scope: Readable, datasetId: string) {
  const [dataset] = await ctx.db
    .select()
    .from(datasets)
    .where(and(eq(datasets.id, datasetId), eq(datasets.projectId, scope.projectId)));
  if (!dataset) throw new AppError("not_found", "dataset", "There is no such dataset.");
  const [versions, [checks]] = await Promise.all([
    ctx.db
      .select({
        id: datasetVersions.id,
        version: datasetVersions.version,
        digest: datasetVersions.digest,
        sourceName: datasetVersions.sourceName,
        importOptions: datasetVersions.importOptions,
        rows: datasetVersions.rows,
        bytes: datasetVersions.bytes,
        createdAt: datasetVersions.createdAt,
        createdBy: users.name,
      })
      .from(datasetVersions)
      .innerJoin(users, eq(users.id, datasetVersions.createdBy))
      .where(eq(datasetVersions.datasetId, datasetId))
      .orderBy(desc(datasetVersions.version)),
    ctx.db
      .select({
        id: checkSets.id,
        version: checkSets.version,
        checks: checkSets.checks,
        createdAt: checkSets.createdAt,
        createdBy: users.name,
      })
      .from(checkSets)
      .innerJoin(users, eq(users.id, checkSets.createdBy))
      .where(eq(checkSets.datasetId, datasetId))
      .orderBy(desc(checkSets.version))
      .limit(1),
  ]);
  const verdicts = await newestVerdicts(
    ctx,
    versions.map((version) => version.id),
  );
  return {
    ...dataset,
    versions: versions.map(({ importOptions: _, ...version }) => ({
      ...version,
      hasPassed: verdicts.get(version.id) ?? null,
    })),
    /** How the newest version was read: the next import begins with the same. */
    newestOptions: versions[0]?.importOptions ?? null,
    checkSet: checks ?? null,
  };
}

/** The same by the dataset's name, for its page. */
export async function getDatasetByName(ctx: ServiceContext, scope: Readable, name: string) {
  const [dataset] = await ctx.db
    .select({ id: datasets.id })
    .from(datasets)
    .where(and(eq(datasets.projectId, scope.projectId), eq(datasets.name, name)));
  if (!dataset) throw new AppError("not_found", "dataset", "There is no such dataset.");
  return getDataset(ctx, scope, dataset.id);
}

async function versionRow(ctx: ServiceContext, projectId: string, id: string) {
  const [version] = await ctx.db
    .select({
      version: datasetVersions,
      dataset: { id: datasets.id, name: datasets.name, isHoldout: datasets.isHoldout },
      createdByName: users.name,
    })
    .from(datasetVersions)
    .innerJoin(datasets, eq(datasets.id, datasetVersions.datasetId))
    .innerJoin(users, eq(users.id, datasetVersions.createdBy))
    .where(and(eq(datasetVersions.id, id), eq(datasetVersions.projectId, projectId)));
  if (!version) throw new AppError("not_found", "dataset_version", "There is no such dataset version.");
  return version;
}

/** One version with schema, profile, import options, and what it came from and went into. */
export async function getDatasetVersion(ctx: ServiceContext, scope: Readable, id: string) {
  const { version, dataset, createdByName } = await versionRow(ctx, scope.projectId, id);
  return { ...version, dataset, createdByName, lineage: await lineageNeighbours(ctx, scope, id) };
}

async function lineageNeighbours(ctx: ServiceContext, scope: Readable, versionId: string) {
  const [node] = await ctx.db
    .select({ id: lineageNodes.id })
    .from(lineageNodes)
    .where(
      and(
        eq(lineageNodes.projectId, scope.projectId),
        eq(lineageNodes.kind, "dataset_version"),
        eq(lineageNodes.reference, versionId),
      ),
    );
  if (!node) return [];
  const from = alias(lineageNodes, "from_node");
  const to = alias(lineageNodes, "to_node");
  const rows = await ctx.db
    .select({
      edge: lineageEdges.kind,
      runId: lineageEdges.runId,
      createdAt: lineageEdges.createdAt,
      isUpstream: sql<boolean>`${lineageEdges.toId} = ${node.id}`,
      from: { kind: from.kind, reference: from.reference, label: from.label },
      to: { kind: to.kind, reference: to.reference, label: to.label },
    })
    .from(lineageEdges)
    .innerJoin(from, eq(from.id, lineageEdges.fromId))
    .innerJoin(to, eq(to.id, lineageEdges.toId))
    .where(
      and(
        eq(lineageEdges.projectId, scope.projectId),
        or(eq(lineageEdges.fromId, node.id), eq(lineageEdges.toId, node.id)),
      ),
    )
    .orderBy(desc(lineageEdges.createdAt))
    .limit(50);
  return rows.map(({ from: source, to: target, ...edge }) => ({ ...edge, node: edge.isUpstream ? source : target }));
}

/** Rows of a version in its own order, at most a hundred. */
export async function previewRows(
  ctx: ServiceContext,
  scope: Readable,
  input: Preview,
): Promise<{ readonly total: number; readonly rows: readonly Row[] }> {
  const { version } = await versionRow(ctx, scope.projectId, input.datasetVersionId);
  const file = await ctx.blobs.localPath(version.parquetSha256);
  const rows = await withDuckDb({ files: [file], timeoutMs: 20_000 }, (session) =>
    session.rows(`SELECT * FROM read_parquet(${literal(file)}) LIMIT ${input.limit} OFFSET ${input.offset}`),
  );
  return { total: version.rows, rows };
}

/** Reports of a version, newest first. */
export async function listReports(ctx: ServiceContext, scope: Readable, datasetVersionId: string) {
  await versionRow(ctx, scope.projectId, datasetVersionId);
  return ctx.db
    .select({
      id: validationReports.id,
      hasPassed: validationReports.hasPassed,
      results: validationReports.results,
      runNumber: pipelineRuns.number,
      createdAt: validationReports.createdAt,
      checkSetVersion: checkSets.version,
    })
    .from(validationReports)
    .innerJoin(checkSets, eq(checkSets.id, validationReports.checkSetId))
    .leftJoin(pipelineRuns, eq(pipelineRuns.id, validationReports.runId))
    .where(
      and(eq(validationReports.datasetVersionId, datasetVersionId), eq(validationReports.projectId, scope.projectId)),
    )
    .orderBy(desc(validationReports.createdAt))
    .limit(20);
}

export type StepInput = {
  readonly id: string;
  readonly datasetId: string;
  readonly name: string;
  readonly version: number;
  readonly digest: string;
  readonly parquetSha256: string;
  readonly rows: number;
};

/**
 * The version that a pipeline's step is given: by number, or the newest. A hold-out is refused
 * (`precondition_failed`, `holdout`): no step receives one.
 */
export async function resolveDatasetVersion(
  ctx: Pick<ServiceContext, "db">,
  projectId: string,
  name: string,
  version: number | "latest",
): Promise<StepInput> {
  const [dataset] = await ctx.db
    .select({ id: datasets.id, isHoldout: datasets.isHoldout })
    .from(datasets)
    .where(and(eq(datasets.projectId, projectId), eq(datasets.name, name)));
  if (!dataset) throw new AppError("not_found", "dataset", `There is no dataset ${name}.`);
  if (dataset.isHoldout)
    throw new AppError("precondition_failed", "holdout", `${name} is a hold-out: no step may receive it.`);
  const [found] = await ctx.db
    .select({
      id: datasetVersions.id,
      version: datasetVersions.version,
      digest: datasetVersions.digest,
      parquetSha256: datasetVersions.parquetSha256,
      rows: datasetVersions.rows,
    })
    .from(datasetVersions)
    .where(
      and(
        eq(datasetVersions.datasetId, dataset.id),
        version === "latest" ? undefined : eq(datasetVersions.version, version),
      ),
    )
    .orderBy(desc(datasetVersions.version))
    .limit(1);
  if (!found)
    throw new AppError(
      "not_found",
      "dataset_version",
      version === "latest"
        ? `The dataset ${name} has no version yet.`
        : `The dataset ${name} has no version ${version}.`,
    );
  return { ...found, datasetId: dataset.id, name };
}
